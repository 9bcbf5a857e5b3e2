/** What the log of S3 keeps: buckets, versions of objects, the pieces their bytes are in, and uploads in progress. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** `''` until versioning was enabled for the first time. */
export type Versioning = '' | 'Enabled' | 'Suspended';

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** Until when a version cannot be deleted, in ms since the epoch. */
export interface Retention {
  readonly mode: LockMode;
  readonly retainUntil: number;
}

/** How long new versions are retained that do not say so themselves: either days or years. */
export interface DefaultRetention {
  readonly mode: LockMode;
  readonly days?: number;
  readonly years?: number;
}

export interface ObjectLockConfig {
  readonly defaultRetention?: DefaultRetention;
}

/** The configurations of a bucket. Only `objectLock` means something to the state; the others are their readers'. */
export const CONFIG_NAMES = [
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'encryption',
  'intelligentTiering',
  'inventory',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'ownership',
  'policy',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'tagging',
  'website',
] as const;

export type ConfigName = (typeof CONFIG_NAMES)[number];

export interface BucketConfig extends Readonly<Partial<Record<ConfigName, Json>>> {
  readonly objectLock?: ObjectLockConfig;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** In ms since the epoch. */
  readonly createdAt: number;
  /** The zone that alone holds the bytes of a one-zone bucket. */
  readonly zone?: string;
  readonly versioning: Versioning;
  /** Whether versions of its objects can be locked; never taken back. */
  readonly objectLock: boolean;
  readonly config: BucketConfig;
  /** Another number after every change of the bucket, also one of that name that is made anew: for caches of what follows from it. */
  readonly generation: number;
}

/** How much a bucket holds. Bytes of noncurrent versions count; those of parts of uploads do not. */
export interface BucketUsage {
  /** Keys whose latest version is no delete marker. */
  readonly objects: number;
  /** All versions, without delete markers. */
  readonly versions: number;
  readonly markers: number;
  readonly uploads: number;
  readonly bytes: number;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one has `-` and the number of parts behind it. */
  readonly value: string;
  readonly type: 'COMPOSITE' | 'FULL_OBJECT';
}

/** The key that encrypts the bytes: the region's (`AES256`), or a customer's (`C`) of which the MD5 is kept, base64. */
export type Encryption = { readonly kind: 'AES256' } | { readonly kind: 'C'; readonly keyMd5: string };

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The version id of whatever is written while versioning is not enabled. */
export const NULL_VERSION = 'null';

/** What is the same of an object and of a delete marker. */
interface VersionBase {
  readonly bucket: string;
  readonly key: string;
  /** `null`, or the id that the handler drew. */
  readonly versionId: string;
  /** Orders all versions of a region by age, the newest last; no two are equal. */
  readonly seq: number;
  readonly isLatest: boolean;
  /** In ms since the epoch. */
  readonly lastModified: number;
  /** Account. */
  readonly owner: string;
  /** When a newer version came, in ms since the epoch; only while there is one. */
  readonly noncurrentSince?: number;
}

export interface DeleteMarker extends VersionBase {
  readonly isMarker: true;
}

export interface ObjectVersion extends VersionBase {
  readonly isMarker: false;
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly storageClass: string;
  /** User metadata: names without `x-amz-meta-`, lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** System headers that are kept as they came: `content-type`, `cache-control`, ... */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly acl?: Json;
  readonly checksum?: Checksum;
  /** Of an object that was uploaded in parts. */
  readonly partsCount?: number;
  readonly encryption: Encryption;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
  /** Versions that were copied from each other share a body. */
  readonly bodyId: number;
}

export type Version = ObjectVersion | DeleteMarker;

/** What the index keeps of bytes that lie on the zones' disks. */
export interface BlobRef {
  readonly id: string;
  /** Bytes before encryption. */
  readonly size: number;
  /** The data key, wrapped, base64. */
  readonly key: string;
}

/** A stretch of a body: all of it, or one part. Either `inline` or `blob` is there, unless it is empty. */
export interface Piece {
  /** Part number; 1 for a body that was stored at once. */
  readonly part: number;
  /** Where it begins in the body. */
  readonly offset: number;
  readonly size: number;
  /** Sealed bytes. */
  readonly inline?: Buffer;
  readonly blob?: BlobRef;
  /** Of a part. */
  readonly checksum?: Omit<Checksum, 'type'>;
}

/** A multipart upload in progress. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** In ms since the epoch. */
  readonly initiated: number;
  readonly owner: string;
  readonly initiator: string;
  readonly storageClass: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly acl?: Json;
  /** How the parts, and the whole, are checked. */
  readonly checksum?: Omit<Checksum, 'value'>;
  readonly encryption: Encryption;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
  /** The body that its parts become. */
  readonly bodyId: number;
}

/** A part of an upload in progress. */
export interface Part {
  readonly part: number;
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  /** In ms since the epoch. */
  readonly lastModified: number;
  readonly checksum?: Omit<Checksum, 'type'>;
}

/** A blob that the index knows. */
export interface BlobEntry extends BlobRef {
  /** The only zone that holds it; without it, all do. */
  readonly zone?: string;
}
