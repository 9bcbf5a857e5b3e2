/** What went wrong with one statement of a batch: the batch goes on without it. */
import type { BatchStatementError, BatchStatementErrorCodeEnum } from '@aws-sdk/client-dynamodb';
import { AwsError } from '@stormglass/aws-wire';
import { LogUnavailable } from '@stormglass/replicated-state';
import { clientError } from '../errors.ts';

const CODES: Readonly<Record<string, BatchStatementErrorCodeEnum>> = {
  AccessDeniedException: 'AccessDenied',
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  DuplicateItemException: 'DuplicateItem',
  ItemCollectionSizeLimitExceededException: 'ItemCollectionSizeLimitExceeded',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  ResourceNotFoundException: 'ResourceNotFound',
  ServiceUnavailable: 'InternalServerError',
  ThrottlingException: 'ThrottlingError',
  TransactionConflictException: 'TransactionConflict',
  ValidationException: 'ValidationError',
};

/** As the answer has it. @throws what is no matter of one statement */
export function statementError(thrown: unknown): BatchStatementError {
  const error = thrown instanceof LogUnavailable ? noQuorum() : clientError(thrown);
  const code = error instanceof AwsError ? CODES[error.code] : undefined;
  if (!(error instanceof AwsError) || code === undefined) throw error;
  return { Code: code, Message: error.message, ...error.fields };
}

/** Whether nobody could say what became of it: when it is so of all of a batch, the batch failed. */
export const isUnavailable = (thrown: unknown): boolean =>
  thrown instanceof LogUnavailable || (thrown instanceof AwsError && thrown.code === 'ServiceUnavailable');

const noQuorum = () => new AwsError('ServiceUnavailable', 503, 'The partition of the item is not available.');
