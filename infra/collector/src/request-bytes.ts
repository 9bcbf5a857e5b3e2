/** The body of a request, in bounds, unpacked where its sender packed it. */
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A request that cannot be taken; `status` is the answer's. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws BadRequest when there is more than `bytesMax`, packed or unpacked, or it cannot be unpacked */
export async function requestBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) throw new BadRequest(413, `more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return bytes;
  if (encoding !== 'gzip') throw new BadRequest(415, `content-encoding ${encoding}: gzip and identity are understood`);
  try {
    return gunzipSync(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    throw new BadRequest(400, `the body cannot be unpacked: ${(error as Error).message}`);
  }
}
