/**
 * What Node cannot even parse gets an AWS-shaped error and the end of its connection. Requests that came before it on
 * the same connection get their own answers first: a client that reads one response a request must not mistake the
 * refusal for the answer to a write that was done.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AwsError } from '@stormglass/aws-wire';
import type { Pipeline } from './pipeline.ts';

const UNREADABLE: Record<string, [status: number, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'RequestHeaderSectionTooLarge', 'The request headers are larger than the server accepts.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request was not received in time.'],
};
const OTHERWISE = [400, 'MalformedHttpRequest', 'The request is not valid HTTP.'] as const;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export class UnreadableRequests {
  readonly #pipeline: Pick<Pipeline, 'refuse'>;
  /** The last request of each connection; those before it are answered before it. */
  readonly #last = new WeakMap<Socket, Exchange>();
  /** A parser that has failed fails again with every further byte. */
  readonly #answered = new WeakSet<Socket>();

  constructor(pipeline: Pick<Pipeline, 'refuse'>) {
    this.#pipeline = pipeline;
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    this.#last.set(request.socket, { request, response });
  }

  answer(error: NodeJS.ErrnoException, socket: Socket): void {
    if (this.#answered.has(socket)) return;
    this.#answered.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const last = this.#last.get(socket);
    if (last === undefined || last.response.writableFinished) this.#refuse(error, socket);
    else if (last.request.complete) last.response.once('close', () => this.#refuse(error, socket));
    // The body of the last request is what cannot be read. If its answer has begun, there is nothing more to say.
    else if (last.response.headersSent) socket.destroySoon();
    else this.#refuse(error, socket);
  }

  #refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const [status, name, message] = UNREADABLE[code] ?? OTHERWISE;
    const { headers, body } = this.#pipeline.refuse(new AwsError(name, status, message));
    const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
    const text = typeof body === 'string' ? body : '';
    socket.end(
      `HTTP/1.1 ${status} ${name}\r\n${lines.join('')}content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
  }
}
