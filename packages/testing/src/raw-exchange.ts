/** Bytes to a server and bytes back, for requests that no HTTP client would send. Reads answers itself, strictly. */
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export interface Exchange {
  readonly responses: readonly RawResponse[];
  /** Bytes that are not a whole response; empty when the server kept to HTTP. */
  readonly rest: string;
  /** How the connection ended; `open` when the deadline came first. */
  readonly end: 'closed' | 'reset' | 'open';
}

export interface ExchangeOptions {
  /** Ends the sending side after the last byte; the answer is still read. Default true. */
  readonly endAfterSending?: boolean;
  /** Resolves as soon as so many whole responses are here; otherwise when the server closes. */
  readonly responses?: number;
  readonly timeoutMs?: number;
  /** Called once connected, in place of sending `bytes` in one piece. */
  readonly drive?: (socket: Socket) => Promise<void> | void;
  /** Responses carry no body, whatever their headers say: the request was HEAD. */
  readonly isHead?: boolean;
}

/** Sends `bytes` on a connection of its own and gathers what comes back; never rejects. */
export function exchange(port: number, bytes: string | Buffer, options: ExchangeOptions = {}): Promise<Exchange> {
  const { endAfterSending = true, responses: wanted = Number.POSITIVE_INFINITY, timeoutMs = 15_000 } = options;
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const finish = (end: Exchange['end']) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      resolve({ ...readResponses(Buffer.concat(chunks), options.isHead === true), end });
    };
    const timer = setTimeout(() => finish('open'), timeoutMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (wanted === Number.POSITIVE_INFINITY) return;
      const { responses } = readResponses(Buffer.concat(chunks), options.isHead === true);
      if (responses.length >= wanted) finish('open');
    });
    socket.on('end', () => finish('closed'));
    socket.on('close', () => finish('closed'));
    socket.on('error', () => finish('reset'));
    socket.on('connect', () => {
      if (options.drive !== undefined) void options.drive(socket);
      else if (endAfterSending) socket.end(bytes);
      else socket.write(bytes);
    });
  });
}

/** The whole responses at the start of `bytes`, `100 Continue` among them, and what follows them. */
export function readResponses(bytes: Buffer, isHead = false): Pick<Exchange, 'responses' | 'rest'> {
  const responses: RawResponse[] = [];
  let text = bytes.toString('latin1');
  for (;;) {
    const headEnd = text.indexOf('\r\n\r\n');
    const status = /^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1];
    if (headEnd < 0 || status === undefined) return { responses, rest: text };
    const head = text.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const bodyEnd = headEnd + 4 + (isHead ? 0 : length);
    if (text.length < bodyEnd) return { responses, rest: text };
    const body = Buffer.from(text.slice(headEnd + 4, bodyEnd), 'latin1').toString();
    responses.push({ status: Number(status), head, body });
    text = text.slice(bodyEnd);
  }
}

const XML_ERROR = /^(<\?xml[^>]*\?>\s*)?<(ErrorResponse|Error|Response)[ >][\s\S]*<Code>[A-Za-z0-9.]+<\/Code>/;

/** The code of an AWS-shaped error; undefined when the body is not one. */
export function errorCode({ body }: RawResponse): string | undefined {
  if (XML_ERROR.test(body)) return /<Code>([^<]+)<\/Code>/.exec(body)?.[1];
  try {
    const { __type } = JSON.parse(body) as { __type?: unknown };
    return typeof __type === 'string' ? __type.slice(__type.indexOf('#') + 1) : undefined;
  } catch {
    return undefined;
  }
}
