/** An index in memory for tests, on a clock that they turn, with short forms of common commands. */
import { silentLogger } from '@stormglass/base';
import type { IndexChange } from '../changes.ts';
import type { CommandOf, ObjectCommand, ObjectToDelete, PutObject } from '../commands.ts';
import type { ObjectVersion } from '../records.ts';
import type { ObjectResult, ValueOf } from '../result.ts';
import { ObjectIndex } from '../state.ts';

export const ACCOUNT = '111111111111';
export const BUCKET = 'bucket';
export const MIB = 1024 * 1024;

export class IndexRig {
  readonly index: ObjectIndex;
  readonly changes: IndexChange[] = [];
  /** Log time in ms. */
  now = 1_700_000_000_000;
  #seq = 0;
  #drawn = 0;

  constructor(path = ':memory:') {
    this.index = ObjectIndex.open({ path, logger: silentLogger });
    this.index.onChange(change => this.changes.push(change));
  }

  get view() {
    return this.index.view;
  }

  /** A second passes with every command. */
  apply<Type extends ObjectCommand['type']>(command: CommandOf<Type>): ObjectResult<Type> {
    this.now += 1000;
    return this.index.apply({ seq: ++this.#seq, now: this.now }, command) as ObjectResult<Type>;
  }

  /** The value of a command that is accepted. */
  done<Type extends ObjectCommand['type']>(command: CommandOf<Type>): ValueOf<Type> {
    const result = this.apply<Type>(command);
    if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
    return result.value;
  }

  /** The code with which a command is refused. */
  refused(command: ObjectCommand): string | undefined {
    const result = this.apply(command);
    return result.ok ? undefined : result.code;
  }

  id(): string {
    return `id${String(++this.#drawn).padStart(6, '0')}`;
  }

  createBucket(more: Partial<CommandOf<'CreateBucket'>> = {}): void {
    this.done<'CreateBucket'>({ type: 'CreateBucket', bucket: BUCKET, account: ACCOUNT, region: 'us-east-1', ...more });
  }

  version(versioning: 'Enabled' | 'Suspended'): void {
    this.done<'SetBucketVersioning'>({ type: 'SetBucketVersioning', bucket: BUCKET, versioning });
  }

  putCommand(key: string, more: Partial<PutObject> = {}): PutObject {
    return {
      type: 'PutObject',
      bucket: BUCKET,
      key,
      versionId: this.id(),
      owner: ACCOUNT,
      storageClass: 'STANDARD',
      metadata: {},
      headers: {},
      body: { size: 3, inline: Buffer.from('abc').toString('base64') },
      etag: 'etag',
      encryption: { kind: 'AES256' },
      ...more,
    };
  }

  put(key: string, more: Partial<PutObject> = {}): ValueOf<'PutObject'> {
    return this.done<'PutObject'>(this.putCommand(key, more));
  }

  deleteCommand(key: string, more: Partial<ObjectToDelete> = {}, bypassGovernance = false): CommandOf<'DeleteObjects'> {
    const objects = [{ key, markerId: this.id(), ...more }];
    return { type: 'DeleteObjects', bucket: BUCKET, owner: ACCOUNT, objects, bypassGovernance };
  }

  delete(key: string, more: Partial<ObjectToDelete> = {}, bypassGovernance = false) {
    return this.done<'DeleteObjects'>(this.deleteCommand(key, more, bypassGovernance))[0]!;
  }

  /** The latest version of a key, which must be an object. */
  object(key: string, bucket = BUCKET): ObjectVersion {
    const latest = this.view.latest(bucket, key);
    if (latest === undefined || latest.isMarker) throw new Error(`no object at ${key}`);
    return latest;
  }

  createUpload(key: string, uploadId: string, more: Partial<CommandOf<'CreateUpload'>> = {}): void {
    this.done<'CreateUpload'>({
      type: 'CreateUpload',
      bucket: BUCKET,
      key,
      uploadId,
      owner: ACCOUNT,
      initiator: ACCOUNT,
      storageClass: 'STANDARD',
      metadata: {},
      headers: {},
      encryption: { kind: 'AES256' },
      ...more,
    });
  }

  /** Puts a part that is a blob; its ETag is the blob's id. */
  putPart(key: string, uploadId: string, part: number, size: number, blob = this.id()): string {
    const body = { size, blob: { id: blob, size, key: 'wrapped' } };
    this.done<'PutPart'>({ type: 'PutPart', bucket: BUCKET, key, uploadId, part, body, etag: blob });
    return blob;
  }

  completeCommand(
    key: string,
    uploadId: string,
    parts: CommandOf<'CompleteUpload'>['parts'],
    more: Partial<CommandOf<'CompleteUpload'>> = {},
  ): CommandOf<'CompleteUpload'> {
    return {
      type: 'CompleteUpload',
      bucket: BUCKET,
      key,
      uploadId,
      versionId: this.id(),
      parts,
      etag: `whole-${parts.length}`,
      ...more,
    };
  }

  blobIds(): string[] {
    return this.view.blobs('', 1_000_000).map(({ id }) => id);
  }
}
