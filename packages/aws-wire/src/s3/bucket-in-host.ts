/**
 * Virtual-hosted buckets: the bucket in front of an endpoint of S3 (Amazon S3 User Guide, "Virtual hosting of general
 * purpose buckets"), in AWS's names and in ours. Buckets may have dots, so the last label that begins an endpoint counts.
 */
import { headerText, type WireRequest } from '../wire-message.ts';

/** `s3`, `s3-us-west-2`, `s3-accelerate`, `s3express-use1-az4`, and whatever stands between that and the domain. */
const ENDPOINT =
  /^(.+)\.(?:s3(?:-[a-z0-9-]+)?|s3express-[a-z0-9-]+)(?:\.[a-z0-9-]+){0,3}\.(?:amazonaws\.com(?:\.cn)?|api\.aws|localhost)$/;
/** What SDKs make of `http://localhost:4566` as the endpoint. */
const BARE = /^([a-z0-9.-]+)\.localhost$/;
/** Names below `localhost` that are endpoints and no buckets. */
const OWN = /^(?:s3(?:[.-]|$))|(?:^|\.)stormglass$/;

/** A DNS name, and a port. */
const HOST_LENGTH_MAX = 260;

/** The bucket that the host name names; undefined where it names none. */
export function bucketInHost({ headers }: Pick<WireRequest, 'headers'>): string | undefined {
  const host = headerText(headers, 'host');
  if (host === undefined || host.length > HOST_LENGTH_MAX || !host.includes('.')) return undefined;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  const found = ENDPOINT.exec(name)?.[1];
  if (found !== undefined) return found;
  const bare = BARE.exec(name)?.[1];
  return bare === undefined || OWN.test(bare) ? undefined : bare;
}
