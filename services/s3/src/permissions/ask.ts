/** Permissions that handlers ask for themselves: of each key of a list, and of what a refusal may tell. */
import { AwsError } from '@stormglass/aws-wire';
import type { OpenCall } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { noSuchKey, noSuchVersion, s3Error } from '../errors.ts';
import type { S3Permission } from '../s3-operation.ts';
import { onBucket } from './on-bucket.ts';
import type { ObjectInput } from './on-object.ts';

/** @throws AwsError unless the caller may do it, on each resource */
export async function demand<Input>(
  { action, resource, owner, context }: S3Permission<Input>,
  input: Input,
  call: OpenCall,
  deps: S3Deps,
): Promise<void> {
  const name = typeof action === 'function' ? action(input, call, deps) : action!;
  const resources = [resource(input, call, deps)].flat();
  for (const each of resources)
    await call.allow({
      action: name,
      resource: each,
      owner: owner?.(input, call, deps),
      context: context?.(input, call, deps) ?? {},
    });
}

/** Whether the caller may do it. */
export async function isAllowed<Input>(
  permission: S3Permission<Input>,
  input: Input,
  call: OpenCall,
  deps: S3Deps,
): Promise<boolean> {
  try {
    await demand(permission, input, call, deps);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDenied') return false;
    throw error;
  }
}

const LIST = onBucket('s3:ListBucket');

/** The answer to who asks for an object that is not there: only those who may list the bucket may know. */
export async function missingObject(input: ObjectInput, call: OpenCall, deps: S3Deps): Promise<AwsError> {
  const { Bucket, Key = '', VersionId } = input;
  if (!(await isAllowed(LIST, { Bucket }, call, deps))) return s3Error('AccessDenied');
  return VersionId === undefined ? noSuchKey(Key) : noSuchVersion(Key, VersionId);
}
