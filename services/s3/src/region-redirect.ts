/** Sends clients on to the region that has the bucket they ask for ("Request redirection", Amazon S3 API Reference). */
import { AwsError } from '@stormglass/aws-wire';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { RequestHead } from '@stormglass/service-kit';
import type { S3Deps } from './deps.ts';
import { CATALOGUE } from './errors.ts';
import { hasKey, requestedBucket } from './requested-bucket.ts';

/** A bucket of this region may be news here. */
const CATCH_UP_MS = 1000;

/** @throws AwsError PermanentRedirect when another region has the bucket */
export async function redirectElsewhere(deps: S3Deps, request: RequestHead): Promise<void> {
  const { index, clock } = deps;
  if (deps.bucketRegion === undefined) return;
  const name = requestedBucket(request);
  if (name === undefined || index.view.bucket(name) !== undefined) return;
  if (makesBucket(request)) return;
  try {
    await index.upToDate(clock.monotonic() + CATCH_UP_MS);
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
  }
  if (index.view.bucket(name) !== undefined) return;
  const region = await deps.bucketRegion(name);
  if (region !== undefined) throw permanentRedirect(name, region);
}

const makesBucket = (request: RequestHead): boolean =>
  request.method === 'PUT' && request.query === '' && !hasKey(request);

function permanentRedirect(Bucket: string, region: string): AwsError {
  const [status, message] = CATALOGUE.PermanentRedirect;
  const Endpoint = `s3.${region}.amazonaws.com`;
  return new AwsError(
    'PermanentRedirect',
    status,
    message,
    { Endpoint, Bucket },
    { headers: { 'x-amz-bucket-region': region } },
  );
}
