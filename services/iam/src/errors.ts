/** IAM's errors: the refusals of the state and what reads do not find, with the statuses of the model. */
import { AwsError } from '@stormglass/aws-wire';
import type { IamErrorCode, IdentityKind, Refusal } from '@stormglass/identity';

// Complete, or it does not compile. `errors.test.ts` compares it with the model.
export const STATUS: Readonly<Record<IamErrorCode, number>> = {
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  InvalidInput: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  NoSuchEntity: 404,
  UnmodifiableEntity: 400,
  ValidationError: 400,
  // A zone that is still being deployed to; the client's retry reaches another one.
  UnknownCommand: 503,
};

export const iamError = (code: IamErrorCode, message: string): AwsError =>
  new AwsError(code === 'UnknownCommand' ? 'ServiceUnavailable' : code, STATUS[code], message);

export const refusalError = ({ code, message }: Refusal): AwsError => iamError(code, message);

export const invalidInput = (message: string): AwsError => iamError('InvalidInput', message);

/** Nobody logs in with a password. */
export const noLoginProfile = (userName: string) => noSuchEntity(`Login Profile for User ${userName} cannot be found.`);

export const noSuchEntity = (message: string): AwsError => iamError('NoSuchEntity', message);

export const noSuchKey = (id: string): AwsError => noSuchEntity(`The Access Key with id ${id} cannot be found.`);

export const noSuchInlinePolicy = (kind: IdentityKind, name: string): AwsError =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);

/** What AWS answers to sessions and roots that leave out a user name. */
export const userNameRequired = (): AwsError =>
  iamError('ValidationError', 'Must specify userName when calling with non-User credentials');
