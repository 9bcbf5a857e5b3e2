/** Buckets and objects: the replicated state of S3, without the bytes of what is large. */
export type * from './changes.ts';
export * from './commands.ts';
export * from './records.ts';
export type {
  Accepted,
  Completed,
  Copied,
  Deleted,
  ObjectErrorCode,
  ObjectResult,
  Refusal,
  ValueOf,
  Written,
} from './result.ts';
export { ObjectIndex, type ObjectIndexOptions } from './state.ts';
export type * from './view.ts';
