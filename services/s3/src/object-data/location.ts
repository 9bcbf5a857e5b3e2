/** The URL of an object, as answers name it. */
import type { RequestHead } from '@stormglass/service-kit';

/** By the host that the client used, and in its way of naming the bucket. */
export function locationOf({ headers, hostBucket }: RequestHead, bucket: string, key: string): string {
  const name = encodeURIComponent(key);
  const host = headers.host ?? 's3.amazonaws.com';
  return hostBucket === undefined ? `http://${host}/${bucket}/${name}` : `http://${host}/${name}`;
}
