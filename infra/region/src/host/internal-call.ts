/** One HTTP call over an internal connection, through the faults of the link it takes. */
import { Agent, type ClientRequest, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@stormglass/base';
import { LinkConnection, type LinkRules } from '@stormglass/faults';

export interface InternalCall {
  /** The places the link goes between. */
  readonly from: string;
  readonly to: string;
  readonly links: LinkRules;
  readonly clock: Clock;
  readonly agent: Agent;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** What an answer may be at most; as much as a snapshot unless said otherwise. */
  readonly bytesMax?: number;
  readonly signal?: AbortSignal;
}

export interface InternalAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a request without a body weighs on a link, in bytes. */
const HEAD_BYTES = 200;
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** An agent whose connections are opened by `open`, and kept for some seconds. */
export function agentOver(open: () => Promise<Socket>, maxSockets = 2): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets, timeout: 10_000 });
  agent.createConnection = (_options, callback) => {
    open().then(
      socket => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as never),
    );
    return undefined as never;
  };
  return agent;
}

/** @throws Error when there is no answer in time */
export function internalCall(call: InternalCall): Promise<InternalAnswer> {
  const { from, to, links, clock, agent, method, path, timeoutMs, bytesMax = ANSWER_BYTES_MAX, signal } = call;
  const payload = call.body === undefined ? '' : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    let sent: ClientRequest | undefined;
    const end = () => {
      cancel();
      link.close();
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      end();
      sent?.destroy();
      reject(error);
    };
    const onAbort = () => fail(new Error('aborted'));
    const cancel = clock.after(timeoutMs, () => fail(new Error(`${to} did not answer within ${timeoutMs} ms`)));
    const onReset = () => fail(new Error(link.isRefused ? 'connection refused' : 'connection reset'));
    const link = new LinkConnection({ rules: links, clock, from, to, onReset });
    signal?.addEventListener('abort', onAbort, { once: true });
    link.there.send(HEAD_BYTES + payload.length, () => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
      sent = request({ agent, method, path, headers }, response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > bytesMax) fail(new Error(`the answer of ${to} is too large`));
          else link.back.send(chunk.length, () => chunks.push(chunk));
        });
        response.on('end', () =>
          link.back.send('end', () => {
            end();
            resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() });
          }),
        );
        response.on('error', fail);
      });
      sent.on('error', fail);
      sent.end(payload);
    });
  });
}
