/** Everything that commands change, and what they have to say of it. */
import type { SqliteState } from '@stormglass/replicated-state';
import { BodyTable } from './body-table.ts';
import { BucketTable, type StoredBucket } from './bucket-table.ts';
import type { ChangeListener, IndexChange, ObjectChange } from './changes.ts';
import type { ObjectVersion, Version } from './records.ts';
import { refuse } from './result.ts';
import { UploadTable } from './upload-table.ts';
import { VersionTable } from './version-table.ts';

export class IndexTables {
  readonly stored: SqliteState;
  readonly buckets: BucketTable;
  readonly versions: VersionTable;
  readonly bodies: BodyTable;
  readonly uploads: UploadTable;
  readonly #listeners = new Set<ChangeListener>();
  #told: IndexChange[] = [];

  constructor(stored: SqliteState) {
    this.stored = stored;
    this.buckets = new BucketTable(stored);
    this.versions = new VersionTable(stored, this.buckets);
    this.bodies = new BodyTable(stored, change => this.#told.push(change));
    this.uploads = new UploadTable(stored, this.buckets);
  }

  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  begin(): void {
    this.bodies.begin();
    this.#told = [];
  }

  /** Tells what the command changed, once it is committed. */
  end(): void {
    const changes = this.#told;
    if (changes.length === 0 || this.#listeners.size === 0) return;
    this.stored.afterCommit(() => this.#tell(changes));
  }

  replaced(): void {
    this.#tell([{ kind: 'replaced' }]);
  }

  /** Notes a change of an object, to be told with the command. */
  note(event: ObjectChange['event'], version: Version, at: number, more: Partial<ObjectChange> = {}): void {
    const { bucket, key, versionId, seq } = version;
    const about = version.isMarker ? {} : { size: version.size, etag: version.etag };
    this.#told.push({ kind: 'object', event, bucket, key, versionId, sequencer: seq, at, ...about, ...more });
  }

  /** Puts a version on top of its key, and lets go of what it replaces. */
  write(at: StoredBucket, version: Version, now: number): void {
    const replaced = this.versions.add(at, version, now);
    if (replaced !== undefined) this.#release(replaced);
  }

  /** Takes a version away for good, with its body. */
  remove(at: StoredBucket, version: Version): void {
    this.versions.remove(at, version);
    if (!version.isMarker) this.#release(version);
  }

  #release({ bodyId, partsCount }: ObjectVersion): void {
    this.bodies.release(bodyId, partsCount === undefined);
  }

  #tell(changes: readonly IndexChange[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}

export function bucketAt(tables: IndexTables, name: string): StoredBucket {
  return (
    tables.buckets.get(name) ?? refuse('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name })
  );
}

/** The version that a command is about: one that it names, or the latest. */
export function objectAt(
  tables: IndexTables,
  at: StoredBucket,
  { key, versionId }: { readonly key: string; readonly versionId?: string },
): ObjectVersion {
  const version = versionId === undefined ? tables.versions.latest(at, key) : tables.versions.find(at, key, versionId);
  if (version === undefined && versionId !== undefined)
    refuse('NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });
  if (version?.isMarker && versionId !== undefined)
    refuse('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      ResourceType: 'DeleteMarker',
    });
  return version === undefined || version.isMarker ? noSuchKey(key) : version;
}

export const noSuchKey = (key: string): never => refuse('NoSuchKey', 'The specified key does not exist.', { Key: key });
