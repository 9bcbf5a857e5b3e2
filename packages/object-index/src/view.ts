/** Read access to the index: synchronous, through an ordered index each, in pages. */
import type { BlobEntry, Bucket, BucketUsage, ObjectVersion, Part, Piece, Upload, Version } from './records.ts';

export interface BucketPage {
  readonly prefix?: string;
  /** Names after this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface KeyPage {
  readonly prefix?: string;
  /** Keys that have it after the prefix are told once, up to it, as a common prefix. Not empty. */
  readonly delimiter?: string;
  /** At most so many, common prefixes included. */
  readonly limit: number;
}

export interface ListPage extends KeyPage {
  /** Keys after this one; if it is a common prefix itself, keys after all of those that have it. */
  readonly after?: string;
}

export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly prefixes: readonly string[];
  /** Where the next page begins: the last key or common prefix of this one, in the order of keys. Undefined at the end. */
  readonly next?: string;
}

export interface VersionPosition {
  readonly key: string;
  /** After this version of the key; after all versions if absent, and after none of them if there is no such version. */
  readonly versionId?: string;
  /** The version's `seq`: the place is then found though the version was deleted in between. */
  readonly seq?: number;
}

export interface VersionPage extends KeyPage {
  readonly after?: VersionPosition;
}

export interface VersionListing {
  /** By key, the newest first. */
  readonly items: readonly Version[];
  readonly prefixes: readonly string[];
  readonly next?: VersionPosition;
}

export interface UploadPosition {
  readonly key: string;
  /** After this upload of the key; after all of the key's if absent. */
  readonly uploadId?: string;
}

export interface UploadPage extends KeyPage {
  readonly after?: UploadPosition;
}

export interface UploadListing {
  readonly items: readonly Upload[];
  readonly prefixes: readonly string[];
  readonly next?: UploadPosition;
}

export interface ObjectIndexView {
  bucket(name: string): Bucket | undefined;
  /** By name. */
  bucketsOf(account: string, page: BucketPage): readonly Bucket[];
  /** Of all accounts, by name. */
  buckets(page: BucketPage): readonly Bucket[];
  usage(bucket: string): BucketUsage;

  /** The latest version of a key, which may be a delete marker. */
  latest(bucket: string, key: string): Version | undefined;
  version(bucket: string, key: string, versionId: string): Version | undefined;
  /**
   * The pieces that hold the bytes from `from` up to, not including, `to`, in order; all if absent. The first thousand
   * are read at once, the others when they are drawn: that throws if the body was dropped meanwhile.
   */
  pieces(version: Pick<ObjectVersion, 'bodyId' | 'size' | 'partsCount'>, from?: number, to?: number): Iterable<Piece>;
  /** The piece of one part. */
  piece(version: Pick<ObjectVersion, 'bodyId'>, part: number): Piece | undefined;

  /** Latest versions that are no delete markers, by key in the order of UTF-8. */
  list(bucket: string, page: ListPage): Listing<ObjectVersion>;
  /** All versions and delete markers. */
  listVersions(bucket: string, page: VersionPage): VersionListing;

  upload(id: string): Upload | undefined;
  /** By key, then by id. */
  uploads(bucket: string, page: UploadPage): UploadListing;
  /** Parts of an upload, or of a version that was uploaded in parts, with numbers after `after`. */
  parts(of: Pick<Upload | ObjectVersion, 'bodyId'>, after: number, limit: number): readonly Part[];

  /** Blobs by id: everything that has to be on the zones' disks, parts of uploads included. */
  blobs(after: string, limit: number): readonly BlobEntry[];
  blob(id: string): BlobEntry | undefined;
  hasBlob(id: string): boolean;
  /** How many blobs there are, and their bytes before encryption. */
  blobTotals(): { readonly count: number; readonly bytes: number };
  /** Whether `CollectGarbage` has something to do. */
  readonly hasGarbage: boolean;
}
