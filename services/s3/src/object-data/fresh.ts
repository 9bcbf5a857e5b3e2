/** Finding for writes: what another zone made a moment ago may not have come here yet, so the zone catches up once. */
import type { Bucket, Upload } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { bucketNamed } from '../find.ts';

type Until = Pick<OpenCall, 'deadline'>;

/** @throws AwsError NoSuchBucket; LogUnavailable when it is not here and the log cannot say */
export async function freshBucket(deps: S3Deps, call: Until, name: string): Promise<Bucket> {
  const { index } = deps;
  return (await freshly(deps, call, () => index.view.bucket(name))) ?? bucketNamed(deps, name);
}

export interface NamedUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** The upload, if it is one of this key. */
export async function freshUpload(deps: S3Deps, call: Until, named: NamedUpload): Promise<Upload | undefined> {
  const upload = await freshly(deps, call, () => deps.index.view.upload(named.UploadId));
  return upload?.bucket === named.Bucket && upload.key === named.Key ? upload : undefined;
}

async function freshly<Found>(
  { index }: S3Deps,
  { deadline }: Until,
  find: () => Found | undefined,
): Promise<Found | undefined> {
  const found = find();
  if (found !== undefined) return found;
  await index.upToDate(deadline);
  return find();
}
