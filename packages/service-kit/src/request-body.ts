/** Takes a request's body off its socket: into memory, bounded in size and time, or as a stream. */
import type { IncomingMessage } from 'node:http';
import { BodyStream } from './body-stream.ts';
import type { LargeBodies } from './large-bodies.ts';
import type { RequestBody } from './request-stream.ts';
import { bodyBroken, bodyTooLarge, bodyTooSlow, overloaded } from './service-errors.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole of a body that is read into memory, and for each piece of one that is streamed. */
  readonly timeoutMs: number;
}

const EMPTY = Buffer.alloc(0);

/** What a request has in memory beyond what every request may have. */
export interface SocketBody extends RequestBody {
  /** To be called when nobody needs the body any more. */
  release(): void;
}

/**
 * `onWanted` is called when there is a body and it may come: the moment for `100 Continue`. What a service lets a body
 * have beyond the host's own limit is taken from `large`, as it comes.
 */
export function bodyOnSocket(
  request: IncomingMessage,
  limits: BodyLimits,
  large: LargeBodies,
  onWanted: () => void,
): SocketBody {
  const length = announcedLength(request);
  let taken = 0;
  const isRoom = (size: number): boolean => {
    const more = size - limits.maxBytes - taken;
    if (more <= 0) return true;
    if (!large.take(more)) return false;
    taken += more;
    return true;
  };
  return {
    length,
    whole: (maxBytes = limits.maxBytes) => readBody(request, { ...limits, maxBytes }, onWanted, isRoom),
    release() {
      large.giveBack(taken);
      taken = 0;
    },
    stream() {
      if (length !== 0) onWanted();
      return new BodyStream(request, limits.timeoutMs);
    },
  };
}

function announcedLength({ headers }: IncomingMessage): number | undefined {
  const declared = headers['content-length'];
  if (declared !== undefined) return Number(declared);
  return headers['transfer-encoding'] === undefined ? 0 : undefined;
}

/**
 * `onWanted` is called when there is a body and it may come: the moment for `100 Continue`. `isRoom` is asked whether there
 * is memory for so many bytes of it.
 * @throws AwsError when the body is too large, too slow, or breaks off, or there is no room for it
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits,
  onWanted: () => void,
  isRoom: (bytes: number) => boolean = () => true,
): Promise<Buffer> {
  const declared = announcedLength(request);
  if (declared === 0) return Promise.resolve(EMPTY);
  if (declared !== undefined && declared > maxBytes) return Promise.reject(bodyTooLarge(maxBytes));
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
      else if (!isRoom(size)) settle(() => reject(overloaded()));
      else chunks.push(chunk);
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onBroken = () => settle(() => reject(bodyBroken()));
    request.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken);
  });
}
