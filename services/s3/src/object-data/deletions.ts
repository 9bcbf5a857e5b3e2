/** One object to delete, as its own request or a list names it. */
import type { ObjectToDelete } from '@stormglass/object-index';
import { unquoted } from '../conditions.ts';
import type { S3Deps } from '../deps.ts';
import { newVersionId } from './ids.ts';

export interface NamedDeletion {
  readonly Key: string;
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
  readonly LastModifiedTime?: Date | undefined;
  readonly Size?: number | undefined;
}

export function objectToDelete(named: NamedDeletion, { random }: Pick<S3Deps, 'random'>): ObjectToDelete {
  const { Key, VersionId, ETag, LastModifiedTime, Size } = named;
  return {
    key: Key,
    markerId: newVersionId(random),
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
    ...(ETag === undefined ? {} : { ifMatch: unquoted(ETag) }),
    ...(LastModifiedTime === undefined ? {} : { ifMatchLastModified: LastModifiedTime.getTime() }),
    ...(Size === undefined ? {} : { ifMatchSize: Size }),
  };
}
