/** An error as the protocols need it: code and status from what was thrown, members from the model. */
import { AwsError, type ErrorFields, internalFailure } from '../aws-error.ts';
import type { ServiceModel } from '../schema/service-model.ts';
import type { ErrorSchema } from '../schema/service-schema.ts';

export interface ErrorReport {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly sender: boolean;
  readonly fields: ErrorFields;
  /** What the model says about the error; undefined for the errors that all services share. */
  readonly modelled: ErrorSchema | undefined;
}

/** Describes anything thrown. What is not an AwsError is a bug, and nothing of it may reach the client. */
export function reportOf(model: ServiceModel | undefined, thrown: unknown): ErrorReport {
  const error = thrown instanceof AwsError ? thrown : model?.id === 's3' ? s3Failure(thrown) : internalFailure(thrown);
  const modelled = model?.errors.get(error.code);
  return {
    code: modelled?.code ?? error.code,
    status: error.status,
    message: error.message,
    sender: modelled === undefined ? error.status < 500 : modelled.fault === 'client',
    fields: error.fields ?? {},
    modelled,
  };
}

const s3Failure = (cause: unknown): AwsError =>
  new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.', undefined, { cause });

/** An error of the model, with the status that the model gives it. */
export function modelledError(model: ServiceModel, code: string, message: string, fields?: ErrorFields): AwsError {
  const modelled = model.errors.get(code);
  if (modelled === undefined) throw new Error(`${model.id} has no error ${code}`);
  // Where several errors share a code (CloudWatch), only the name of the shape says which one is meant.
  const name = model.errors.get(modelled.code) === modelled ? modelled.code : modelled.shape;
  return new AwsError(name, modelled.status, message, fields);
}
