/**
 * The commands of the log of S3. Each is complete: ids were drawn by the handler that proposed it, and the time is the
 * log's. Bytes come before their command: a blob that a command names is durable in as many zones as it must be.
 */
import type {
  BlobRef,
  Checksum,
  ConfigName,
  Encryption,
  Json,
  ObjectLockConfig,
  Retention,
  Tag,
  Versioning,
} from './records.ts';

export interface CreateBucket {
  readonly type: 'CreateBucket';
  readonly bucket: string;
  readonly account: string;
  readonly region: string;
  /** Of a one-zone bucket. */
  readonly zone?: string;
  /** Switches versioning on as well. */
  readonly objectLock?: boolean;
  readonly config?: Readonly<Partial<Record<ConfigName, Json>>>;
}

export interface DeleteBucket {
  readonly type: 'DeleteBucket';
  readonly bucket: string;
}

export interface SetBucketConfig {
  readonly type: 'SetBucketConfig';
  readonly bucket: string;
  readonly name: ConfigName;
  /** Null takes it away. */
  readonly value: Json;
}

export interface SetBucketVersioning {
  readonly type: 'SetBucketVersioning';
  readonly bucket: string;
  readonly versioning: Exclude<Versioning, ''>;
}

/** Lets objects of a bucket be locked, and says how long new ones are. There is no way back. */
export interface SetBucketObjectLock {
  readonly type: 'SetBucketObjectLock';
  readonly bucket: string;
  readonly config: ObjectLockConfig;
}

/** What must be so of the object at a key for a write to happen. */
export interface WriteConditions {
  /** ETag without quotation marks that the object must have; `*` for any. */
  readonly ifMatch?: string;
  /** There must be no object. */
  readonly ifNoneMatch?: '*';
}

/** Bytes that were stored: neither is there for an empty body. */
export interface StoredBytes {
  readonly size: number;
  /** Sealed bytes, base64. */
  readonly inline?: string;
  readonly blob?: BlobRef;
}

/** What an object is given besides its bytes. */
export interface ObjectSettings {
  readonly storageClass: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
  readonly acl?: Json;
  /** The bucket's default if absent. */
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

interface AtKey {
  readonly bucket: string;
  readonly key: string;
}

/** Makes a version. */
interface Writes extends AtKey, WriteConditions {
  /** The id of the version, used only if versioning is enabled. */
  readonly versionId: string;
  /** Account. */
  readonly owner: string;
}

export interface PutObject extends Writes, ObjectSettings {
  readonly type: 'PutObject';
  readonly body: StoredBytes;
  /** Without quotation marks. */
  readonly etag: string;
  readonly checksum?: Checksum;
  readonly encryption: Encryption;
}

/** What must be so of the source of a copy. Times in ms since the epoch, of whole seconds. */
export interface CopySource extends AtKey {
  /** The latest version if absent. */
  readonly versionId?: string;
  /** The copy is refused with `OperationAborted` if the source is not this version any more (`Version.seq`). */
  readonly seq?: number;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: number;
  readonly ifUnmodifiedSince?: number;
}

/**
 * A version with the bytes of another, which are not moved. Refused with `BodyNotShareable` if they cannot be shared
 * (other keys encrypt them, or other zones hold them): then they are read and put.
 */
export interface CopyObject extends Writes {
  readonly type: 'CopyObject';
  readonly source: CopySource;
  readonly storageClass: string;
  /** The source's if absent. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The source's if absent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The source's if absent. */
  readonly tags?: readonly Tag[];
  readonly acl?: Json;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
  /** The source's if absent. */
  readonly checksum?: Checksum;
  /** The source's if absent. */
  readonly etag?: string;
  readonly encryption: Encryption;
}

export interface ObjectToDelete {
  readonly key: string;
  /** Deletes this version; without it, the object is deleted as the bucket's versioning has it. */
  readonly versionId?: string;
  /** The id of a delete marker, used only if versioning is enabled. */
  readonly markerId: string;
  readonly ifMatch?: string;
  /** In ms since the epoch; compared in whole seconds. */
  readonly ifMatchLastModified?: number;
  readonly ifMatchSize?: number;
}

export interface DeleteObjects {
  readonly type: 'DeleteObjects';
  readonly bucket: string;
  /** At most `OBJECTS_PER_DELETE_MAX`. */
  readonly objects: readonly ObjectToDelete[];
  /** Account that owns the delete markers. */
  readonly owner: string;
  /** Retention in mode GOVERNANCE does not hold. */
  readonly bypassGovernance?: boolean;
}

export interface CreateUpload extends AtKey, ObjectSettings {
  readonly type: 'CreateUpload';
  /** Uploads of one key are listed in the order of their ids: ids that begin with the time keep them in that of their begin. */
  readonly uploadId: string;
  readonly owner: string;
  readonly initiator: string;
  readonly checksum?: Omit<Checksum, 'value'>;
  readonly encryption: Encryption;
}

interface InUpload extends AtKey {
  readonly uploadId: string;
}

export interface PutPart extends InUpload {
  readonly type: 'PutPart';
  /** From 1 to `PARTS_MAX`. */
  readonly part: number;
  readonly body: StoredBytes;
  /** Without quotation marks. */
  readonly etag: string;
  readonly checksum?: Omit<Checksum, 'type'>;
}

/** A part as the client names it. */
export interface NamedPart {
  readonly part: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly checksum?: string;
}

export interface CompleteUpload extends InUpload, WriteConditions {
  readonly type: 'CompleteUpload';
  readonly versionId: string;
  /** In the order that the client gave. */
  readonly parts: readonly NamedPart[];
  /** Of the whole, made from the parts that the handler saw; refused if those parts are others by now. */
  readonly etag: string;
  readonly checksum?: Checksum;
  /** The size that the client says it has. */
  readonly size?: number;
}

export interface AbortUpload extends InUpload {
  readonly type: 'AbortUpload';
  /** Only if it began at this time (ms since the epoch): directory buckets. */
  readonly ifInitiated?: number;
}

interface OfVersion extends AtKey {
  /** The latest version if absent. */
  readonly versionId?: string;
}

export interface SetObjectTags extends OfVersion {
  readonly type: 'SetObjectTags';
  readonly tags: readonly Tag[];
}

export interface SetObjectAcl extends OfVersion {
  readonly type: 'SetObjectAcl';
  /** Null takes it away. */
  readonly acl: Json;
}

export interface SetObjectRetention extends OfVersion {
  readonly type: 'SetObjectRetention';
  /** Null takes it away. */
  readonly retention: Retention | null;
  readonly bypassGovernance?: boolean;
}

export interface SetObjectLegalHold extends OfVersion {
  readonly type: 'SetObjectLegalHold';
  readonly legalHold: boolean;
}

/** Gives the object of a one-zone bucket another key; its own conditions are those of the destination. */
export interface RenameObject extends AtKey, WriteConditions {
  readonly type: 'RenameObject';
  readonly sourceKey: string;
  readonly sourceIfMatch?: string;
  readonly sourceIfNoneMatch?: string;
  /** In ms since the epoch, of whole seconds. */
  readonly sourceIfModifiedSince?: number;
  readonly sourceIfUnmodifiedSince?: number;
  readonly ifModifiedSince?: number;
  readonly ifUnmodifiedSince?: number;
}

/**
 * What a lifecycle rule found due. Each is done only if what it found is still so: the version is there, locked by
 * nothing, and still latest or not as it was.
 */
export type Expiry =
  /** The object as a delete without version id: by a marker, or for good. */
  | { readonly what: 'object'; readonly key: string; readonly seq: number; readonly markerId: string }
  | { readonly what: 'noncurrent'; readonly key: string; readonly seq: number; readonly versionId: string }
  /** A delete marker behind which nothing is left. */
  | { readonly what: 'marker'; readonly key: string; readonly seq: number; readonly versionId: string }
  | { readonly what: 'upload'; readonly key: string; readonly uploadId: string };

export interface ExpireObjects {
  readonly type: 'ExpireObjects';
  readonly bucket: string;
  /** At most `OBJECTS_PER_DELETE_MAX`. */
  readonly expiries: readonly Expiry[];
}

/** Takes away pieces of large bodies that nothing refers to any more: when `ObjectIndexView.hasGarbage`. */
export interface CollectGarbage {
  readonly type: 'CollectGarbage';
}

export type ObjectCommand =
  | CreateBucket
  | DeleteBucket
  | SetBucketConfig
  | SetBucketVersioning
  | SetBucketObjectLock
  | PutObject
  | CopyObject
  | DeleteObjects
  | CreateUpload
  | PutPart
  | CompleteUpload
  | AbortUpload
  | SetObjectTags
  | SetObjectAcl
  | SetObjectRetention
  | SetObjectLegalHold
  | RenameObject
  | ExpireObjects
  | CollectGarbage;

/** The command of one type. */
export type CommandOf<Type extends ObjectCommand['type']> = Extract<ObjectCommand, { type: Type }>;

/** Keys of one DeleteObjects request (S3 API Reference, DeleteObjects). */
export const OBJECTS_PER_DELETE_MAX = 1000;
/** Parts of one upload (S3 User Guide, multipart upload limits). */
export const PARTS_MAX = 10_000;
/** Least size of a part that is not the last, in bytes. */
export const PART_SIZE_MIN = 5 * 1024 * 1024;
/** Most buckets of an account (S3 User Guide, bucket quotas). */
export const BUCKETS_PER_ACCOUNT_MAX = 10_000;
