/** The version that a request about an object's settings means, and how answers name it. */
import { AwsError } from '@stormglass/aws-wire';
import type { Bucket, CommandOf, ObjectVersion } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { execute, type S3Deps } from '../../deps.ts';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { missingObject } from '../../permissions/index.ts';

interface SettingsInput {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/**
 * What is read: the version that is named, or the latest.
 * @throws AwsError NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied; MethodNotAllowed for a delete marker
 */
export async function settledVersion(
  input: SettingsInput,
  call: OpenCall,
  deps: S3Deps,
): Promise<{ readonly bucket: Bucket; readonly version: ObjectVersion }> {
  const { Bucket = '', Key = '', VersionId } = input;
  const { view } = deps.index;
  const bucket = bucketNamed(deps, Bucket);
  const version = VersionId === undefined ? view.latest(Bucket, Key) : view.version(Bucket, Key, VersionId);
  if (version === undefined) throw await missingObject(input, call, deps);
  if (!version.isMarker) return { bucket, version };
  if (VersionId === undefined) throw await missingObject(input, call, deps);
  throw s3Error('MethodNotAllowed', { Method: call.request.method, ResourceType: 'DeleteMarker' });
}

/** Answers name the version only where there are versions. */
export const namedVersion = (
  { versioning }: Pick<Bucket, 'versioning'>,
  versionId: string,
): { readonly VersionId?: string } => (versioning === '' && versionId === 'null' ? {} : { VersionId: versionId });

type Setting = CommandOf<'SetObjectTags' | 'SetObjectAcl' | 'SetObjectRetention' | 'SetObjectLegalHold'>;
/** A command without what says which object it is about. */
type Unaddressed<Command> = Command extends unknown ? Omit<Command, 'bucket' | 'key' | 'versionId'> : never;

/**
 * Changes a setting of the version that is named, or of the latest one: which that is, the state knows, as this zone may
 * be behind. Returns how the answer names it.
 * @throws AwsError as `settledVersion` does, and what the state refuses
 */
export async function changeSetting(
  input: SettingsInput,
  call: OpenCall,
  deps: S3Deps,
  setting: Unaddressed<Setting>,
): Promise<{ readonly VersionId?: string }> {
  const { Bucket = '', Key = '', VersionId } = input;
  const at = { bucket: Bucket, key: Key, ...(VersionId === undefined ? {} : { versionId: VersionId }) };
  try {
    const { versionId } = await execute(deps, call, { ...setting, ...at } as Setting);
    return namedVersion(bucketNamed(deps, Bucket), versionId);
  } catch (error) {
    const isMissing = error instanceof AwsError && (error.code === 'NoSuchKey' || error.code === 'NoSuchVersion');
    throw isMissing ? await missingObject(input, call, deps) : error;
  }
}

/** @throws AwsError InvalidRequest unless objects of the bucket can be locked */
export function mustHaveLocks({ objectLock }: Pick<Bucket, 'objectLock'>): void {
  if (!objectLock) throw s3Error('InvalidRequest', {}, 'Bucket is missing Object Lock Configuration');
}
