/** Gives an object of a directory bucket another key, in one step. */
import { defined } from '@stormglass/base';
import { unquoted } from '../../conditions.ts';
import { execute } from '../../deps.ts';
import { invalidArgument, s3Problem } from '../../errors.ts';
import { checkKey } from '../../object-data/put-limits.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const renameObject = s3Operation({
  name: 'RenameObject',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.RenameObject,
  async handle(input, call, deps) {
    const { Bucket, Key, RenameSource, DestinationIfMatch, DestinationIfNoneMatch } = input;
    const { SourceIfMatch, SourceIfNoneMatch } = input;
    if (!isDirectoryBucket(Bucket!))
      throw s3Problem('InvalidRequest', 'The RenameObject operation is supported for directory buckets only.');
    if (DestinationIfNoneMatch !== undefined && DestinationIfNoneMatch !== '*')
      throw invalidArgument('If-None-Match takes * only.', 'If-None-Match', DestinationIfNoneMatch);
    checkKey(Key!);
    await execute(deps, call, {
      type: 'RenameObject',
      bucket: Bucket!,
      key: Key!,
      sourceKey: sourceKey(RenameSource!),
      ...defined({
        ifMatch: DestinationIfMatch && unquoted(DestinationIfMatch),
        ifNoneMatch: DestinationIfNoneMatch as '*' | undefined,
        ifModifiedSince: input.DestinationIfModifiedSince?.getTime(),
        ifUnmodifiedSince: input.DestinationIfUnmodifiedSince?.getTime(),
        sourceIfMatch: SourceIfMatch && unquoted(SourceIfMatch),
        sourceIfNoneMatch: SourceIfNoneMatch && unquoted(SourceIfNoneMatch),
        sourceIfModifiedSince: input.SourceIfModifiedSince?.getTime(),
        sourceIfUnmodifiedSince: input.SourceIfUnmodifiedSince?.getTime(),
      }),
    });
    return {};
  },
});

/** A key of the same bucket, URL-encoded. */
function sourceKey(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw invalidArgument('The rename source must be URL encoded.', 'x-amz-rename-source', header);
  }
}
