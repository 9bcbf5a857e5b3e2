/** Changes the tags of what an ARN names. */
import { AwsError } from '@stormglass/aws-wire';
import type { Call } from '@stormglass/service-kit';
import type { Tag } from '@stormglass/table-catalogue';
import { type DynamoDbDeps, execute } from './deps.ts';
import { notOffered } from './errors.ts';
import { checkIsOwn, noSuchResource, requestedResource } from './names.ts';

/** @throws AwsError */
export async function changeTags(
  deps: DynamoDbDeps,
  call: Call,
  arn: string,
  change: { readonly add: readonly Tag[]; readonly remove: readonly string[] },
): Promise<void> {
  const resource = requestedResource(arn, call);
  checkIsOwn(resource, call);
  const { streamLabel, ...about } = resource;
  if (streamLabel !== undefined) throw notOffered('Tags of streams are');
  try {
    await execute(deps, call, { ...about, ...change, type: 'ChangeTags' });
  } catch (error) {
    // Tags have other words for it than tables.
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') throw noSuchResource(arn);
    throw error;
  }
}
