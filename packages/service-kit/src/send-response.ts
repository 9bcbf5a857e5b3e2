/** Puts an answer on the socket: a short one in one piece, a stream as fast as the client takes it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireResponse } from '@stormglass/aws-wire';

export interface SendLimits {
  /** How long the client of a streamed answer may take none of it, in ms. */
  readonly timeoutMs: number;
  /** How long the rest of a refused body is read and thrown away, so that its sender gets to see the refusal. */
  readonly lingerMs: number;
}

/** So much of a stream may wait for the client: to wait for each piece costs more than the piece. */
const AHEAD_BYTES_MAX = 256 * 1024;

/**
 * Resolves when all is handed to the socket, or nobody is there to take it; a stream has then been ended.
 * @throws what the stream throws; its client has been cut off
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: WireResponse,
  { timeoutMs, lingerMs }: SendLimits,
): Promise<void> {
  const isHead = request.method === 'HEAD';
  const stream = streamOf(body);
  if (response.destroyed || isHead) await stream?.return?.();
  if (response.destroyed) return;
  if (!request.complete) headers.connection = 'close';
  // A string goes out in one piece with the head, which costs a fifth less than bytes behind it; one of nothing but
  // ASCII, as most are, without being looked at again.
  const content = stream === undefined ? (body as string | Uint8Array | undefined) : undefined;
  const told = headers['content-length'];
  const length = stream !== undefined || isHead ? (told ?? lengthOf(content)) : lengthOf(content);
  const flat: (string | number)[] = [];
  for (const name in headers) if (name !== 'content-length') flat.push(name, headers[name]!);
  // A stream whose length nobody knows goes out in chunks; 204 and 304 have none to tell (RFC 9110, 8.6).
  const isUnknown = stream !== undefined && told === undefined;
  if (!isUnknown && status !== 204 && status !== 304) flat.push('content-length', length);
  response.writeHead(status, flat as string[]);
  const payload = isHead ? undefined : content;
  if (stream !== undefined && !isHead) await pour(stream, response, timeoutMs, isUnknown ? undefined : Number(told));
  if (!request.complete && (payload !== undefined || stream !== undefined)) {
    // Closing on a client that still sends would reset the connection, and its answer might be lost with it.
    if (payload !== undefined) response.write(payload);
    await discarded(request, lingerMs);
    response.end();
  } else if (payload instanceof Uint8Array && payload.length <= JOINED_BYTES_MAX) {
    // Each character is a byte.
    response.end(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1'), 'latin1');
  } else if (typeof payload === 'string' && payload.length === length) response.end(payload, 'latin1');
  else response.end(payload);
}

/** So many bytes are worth a copy to go out in one piece with the head. */
const JOINED_BYTES_MAX = 16 * 1024;

const streamOf = (body: WireResponse['body']): AsyncIterator<Uint8Array> | undefined =>
  typeof body === 'object' && Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : undefined;

const lengthOf = (content: string | Uint8Array | undefined): number =>
  content === undefined ? 0 : Buffer.byteLength(content);

/** A stream that fails in the middle, or has another length than was said, can only break off. */
async function pour(
  stream: AsyncIterator<Uint8Array>,
  response: ServerResponse,
  timeoutMs: number,
  length: number | undefined,
): Promise<void> {
  let sent = 0;
  try {
    for (;;) {
      const { done, value } = await stream.next();
      if (response.destroyed) return;
      if (done) break;
      sent += value.length;
      if (length !== undefined && sent > length) break;
      if (!response.write(value) && response.writableLength >= AHEAD_BYTES_MAX) await drained(response, timeoutMs);
    }
    if (length !== undefined && sent !== length) throw new Error(`a body of ${length} bytes was one of ${sent}`);
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    await stream.return?.();
  }
}

/** Resolves when the client has taken what was written, is gone, or has taken nothing for too long and is cut off. */
function drained(response: ServerResponse, timeoutMs: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => response.destroy(), timeoutMs);
    const done = () => {
      clearTimeout(timer);
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Resolves when the rest of the body has been thrown away, its sender is gone, or the time is up. */
function discarded(request: IncomingMessage, timeoutMs: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, timeoutMs);
    function done() {
      clearTimeout(timer);
      resolve();
    }
    request.on('end', done).on('close', done).on('error', done).resume();
  });
}
