/** Errors of DynamoDB Streams. */
import { AwsError } from '@stormglass/aws-wire';

export type StreamsErrorCode =
  | 'ExpiredIteratorException'
  | 'ResourceNotFoundException'
  | 'TrimmedDataAccessException'
  | 'ValidationException';

const error = (code: StreamsErrorCode, message: string): AwsError => new AwsError(code, 400, message);

export const invalid = (message: string): AwsError => error('ValidationException', message);

export const noSuchStream = (arn: string): AwsError =>
  error('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);

export const noSuchShard = (id: string): AwsError =>
  error('ResourceNotFoundException', `Requested resource not found: Shard: ${id} in Stream not found`);

export const expired = (): AwsError =>
  error(
    'ExpiredIteratorException',
    'The shard iterator has expired and can no longer be used to retrieve stream records.',
  );

export const trimmed = (): AwsError =>
  error('TrimmedDataAccessException', 'The operation attempted to read past the oldest stream record in a shard.');

export const invalidIterator = (): AwsError => invalid('Invalid ShardIterator');

/** @throws AwsError unless a limit is absent or at most `max` */
export function checkLimit(limit: number | undefined, max: number): void {
  if (limit !== undefined && limit > max)
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${max}`,
    );
}
