/**
 * A request passed on without holding it: its body goes out once the service has asked for it, and the answer comes as it
 * is read. The service sees the head first, so that what it refuses is not sent.
 */
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Clock } from '@stormglass/base';
import { Silence } from '@stormglass/region/host';
import type { RequestBody } from '@stormglass/service-kit';

export interface StreamedCall {
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  /** In pairs, without those that say how long the body is. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
  /** So long nothing moves before the call is given up. */
  readonly silenceMs: number;
  readonly clock: Clock;
}

export interface StreamedAnswer {
  readonly status: number;
  /** In pairs, as they came. */
  readonly rawHeaders: readonly string[];
  /** Whoever stops reading ends the call. */
  readonly body: AsyncIterable<Buffer>;
}

/** @throws AwsError when the body breaks off; Error when there is no answer, whatever became of the request */
export function callStreamed(options: StreamedCall): Promise<StreamedAnswer> {
  const { agent, method, path, body, silenceMs, clock } = options;
  const hasBody = body.length !== 0;
  const headers = hasBody ? [...options.headers, ...announced(body.length), 'expect', '100-continue'] : options.headers;
  return new Promise((resolve, reject) => {
    const silence = new Silence(clock, silenceMs, () => fail(new Error('the service is silent')));
    let isAnswered = false;
    const call = request({ agent, method, path, headers, setHost: false }, response => {
      isAnswered = true;
      silence.broken();
      resolve({
        status: response.statusCode ?? 502,
        rawHeaders: response.rawHeaders,
        body: received(response, call, silence),
      });
    });
    const fail = (error: Error) => {
      silence.end();
      call.destroy();
      reject(error);
    };
    call.on('error', fail);
    if (hasBody) call.once('continue', () => sendBody(call, body, silence, () => isAnswered).catch(fail));
    else call.end();
  });
}

const announced = (length: number | undefined): readonly string[] =>
  length === undefined ? ['transfer-encoding', 'chunked'] : ['content-length', String(length)];

/** Stops when the service has answered before the end: it does not want the rest. */
async function sendBody(
  call: ClientRequest,
  body: RequestBody,
  silence: Silence,
  isAnswered: () => boolean,
): Promise<void> {
  for await (const chunk of body.stream()) {
    silence.broken();
    if (call.destroyed || isAnswered()) return;
    if (!call.write(chunk)) await room(call);
    silence.broken();
  }
  call.end();
}

const room = (call: ClientRequest): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      call.off('drain', done).off('close', done).off('response', done);
      resolve();
    };
    call.on('drain', done).on('close', done).on('response', done);
  });

async function* received(response: IncomingMessage, call: ClientRequest, silence: Silence): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) {
      // The client may take its time with it.
      silence.hold();
      yield chunk as Buffer;
      silence.broken();
    }
  } finally {
    silence.end();
    // Half a request cannot be followed by another one on its connection.
    if (!response.complete || !call.writableFinished) call.destroy();
  }
}
