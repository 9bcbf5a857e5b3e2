/** The checksum that every answer of DynamoDB has: SDKs compare it with what they got, and ask again. */
import { crc32 } from 'node:zlib';
import type { WireResponse } from '@stormglass/aws-wire';

/** Of the body as it goes out, which is never compressed. */
export function addChecksum({ headers, body }: WireResponse): void {
  if (typeof body === 'string' || body instanceof Uint8Array) headers['x-amz-crc32'] = String(crc32(body));
}
