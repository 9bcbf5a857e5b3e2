/** Reads a request's body into memory, bounded in size and time. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '@stormglass/aws-wire';
import { bodyTooLarge, bodyTooSlow } from './service-errors.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * `onWanted` is called when there is a body and it may come: the moment for `100 Continue`.
 * @throws AwsError when the body is too large, too slow, or breaks off
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits,
  onWanted: () => void,
): Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (declared === undefined && request.headers['transfer-encoding'] === undefined) return Promise.resolve(EMPTY);
  if (Number(declared) > maxBytes) return Promise.reject(bodyTooLarge(maxBytes));
  onWanted();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => settle(() => reject(bodyTooSlow())), timeoutMs);
    const settle = (how: () => void) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onBroken).off('error', onBroken);
      how();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) settle(() => reject(bodyTooLarge(maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onBroken = () => settle(() => reject(new AwsError('RequestAborted', 400, 'The request body broke off.')));
    request.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken);
  });
}
