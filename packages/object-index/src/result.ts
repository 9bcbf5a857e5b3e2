/** Answers of the state of S3: what a command made, or why it is refused, in AWS's own words. */
import { type Accepted, accepted, Refused } from '@stormglass/replicated-state/command-result';
import type { ObjectCommand } from './commands.ts';
import type { Bucket, Part, Upload } from './records.ts';

export { type Accepted, accepted, Refused };

export type ObjectErrorCode =
  | 'AccessDenied'
  | 'BadDigest'
  /** For the handler, not for clients: see `CopyObject`. */
  | 'BodyNotShareable'
  | 'BucketAlreadyExists'
  | 'BucketAlreadyOwnedByYou'
  | 'BucketNotEmpty'
  | 'EntityTooSmall'
  | 'InvalidArgument'
  | 'InvalidBucketState'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'InvalidRequest'
  | 'MalformedXML'
  | 'MethodNotAllowed'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchUpload'
  | 'NoSuchVersion'
  /** The state is no longer what the handler saw; the client may try again. */
  | 'OperationAborted'
  | 'PreconditionFailed'
  | 'TooManyBuckets'
  | 'UnknownCommand';

export interface Refusal {
  readonly ok: false;
  readonly code: ObjectErrorCode;
  readonly message: string;
  /** Further members of the error, as AWS names them: `BucketName`, `Key`, `Condition`, `UploadId`, ... */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A version that was made. */
export interface Written {
  readonly seq: number;
  /** `null` where versioning is not enabled; `versioning` says whether the client is told. */
  readonly versionId: string;
  readonly versioning: Bucket['versioning'];
  /** In ms since the epoch. */
  readonly lastModified: number;
}

export interface Copied extends Written {
  readonly etag: string;
  readonly sourceVersionId: string;
}

export interface Completed extends Written {
  readonly etag: string;
}

export type Deleted =
  | {
      readonly ok: true;
      /** Whether a marker was made or deleted. */
      readonly marker: boolean;
      /** The version that was made, if it is a marker, or deleted, if it was named. */
      readonly versionId?: string;
    }
  | Refusal;

/** What each command answers when it is accepted; commands not named here answer null. */
interface Values {
  CreateBucket: Bucket;
  PutObject: Written;
  CopyObject: Copied;
  /** In the order of the command. */
  DeleteObjects: readonly Deleted[];
  CreateUpload: Pick<Upload, 'initiated'>;
  PutPart: Pick<Part, 'lastModified'>;
  CompleteUpload: Completed;
  /** The version that was changed. */
  SetObjectTags: { readonly versionId: string };
  SetObjectAcl: { readonly versionId: string };
  SetObjectRetention: { readonly versionId: string };
  SetObjectLegalHold: { readonly versionId: string };
  /** How many of the expiries were done. */
  ExpireObjects: number;
}

export type ValueOf<Type extends ObjectCommand['type']> = Type extends keyof Values ? Values[Type] : null;

/** The result of a command; `ObjectResult<'PutObject'>` names the value of one type. */
export type ObjectResult<Type extends ObjectCommand['type'] = ObjectCommand['type']> =
  | Accepted<ValueOf<Type>>
  | Refusal;

export function refuse(code: ObjectErrorCode, message: string, fields?: Refusal['fields']): never {
  throw new Refused<Refusal>({ ok: false, code, message, ...(fields === undefined ? {} : { fields }) });
}
