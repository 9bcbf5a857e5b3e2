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
    const source = sourceKey(RenameSource!, Bucket!);
    if (Key!.endsWith('/') || source.endsWith('/'))
      throw s3Problem('InvalidRequest', 'Objects whose keys end with a slash cannot be renamed.');
    await execute(deps, call, {
      type: 'RenameObject',
      bucket: Bucket!,
      key: Key!,
      sourceKey: source,
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

/** `bucket/key` or a key alone, URL-encoded. The bucket is always that of the request. */
function sourceKey(header: string, bucket: string): string {
  let source: string;
  try {
    source = decodeURIComponent(header).replace(/^\//, '');
  } catch {
    throw invalidArgument('The rename source must be URL encoded.', 'x-amz-rename-source', header);
  }
  return source.startsWith(`${bucket}/`) ? source.slice(bucket.length + 1) : source;
}
