/** DynamoDB's errors: the refusals of its state, and what is wrong with what was asked. */
import { AwsError } from '@stormglass/aws-wire';
import type { Refusal, TableErrorCode } from '@stormglass/table-catalogue';

// Complete, or it does not compile. `errors.test.ts` compares it with the model.
export const STATUS: Readonly<Record<TableErrorCode, number>> = {
  BackupInUseException: 400,
  BackupNotFoundException: 400,
  ContinuousBackupsUnavailableException: 400,
  InvalidRestoreTimeException: 400,
  LimitExceededException: 400,
  PointInTimeRecoveryUnavailableException: 400,
  PolicyNotFoundException: 400,
  ResourceInUseException: 400,
  ResourceNotFoundException: 400,
  TableAlreadyExistsException: 400,
  TableInUseException: 400,
  TableNotFoundException: 400,
  ValidationException: 400,
  // A zone that is still being deployed to; the client's retry reaches another one.
  UnknownCommand: 503,
};

export const dynamoDbError = (code: TableErrorCode, message: string): AwsError =>
  new AwsError(code === 'UnknownCommand' ? 'ServiceUnavailable' : code, STATUS[code], message);

export const refusalError = ({ code, message }: Refusal): AwsError => dynamoDbError(code, message);

export const validationError = (message: string): AwsError => dynamoDbError('ValidationException', message);

/** What is wrong with values that do not go together. */
export const invalidValues = (message: string): AwsError =>
  validationError(`One or more parameter values were invalid: ${message}`);

/** What exists in AWS and not here. */
export const notOffered = (what: string): AwsError => invalidValues(`${what} not offered here`);

export const noSuchPolicy = (arn: string): AwsError =>
  dynamoDbError('PolicyNotFoundException', `Resource-based policy not found for the provided ResourceArn: ${arn}`);
