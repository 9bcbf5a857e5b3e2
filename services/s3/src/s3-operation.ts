/** The form of S3's operations: anybody may call them, and policies decide. */
import type { OperationName } from '@stormglass/aws-wire';
import {
  type AnyOperation,
  type OpenCall,
  type OperationSpec,
  operation,
  type RequiredPermission,
} from '@stormglass/service-kit';
import type { S3Client, S3Deps } from './deps.ts';

/** Gives `spec` the form that the table of operations holds. */
export const s3Operation = <Name extends OperationName<S3Client>>(
  spec: OperationSpec<S3Client, Name, S3Deps, OpenCall>,
): AnyOperation<S3Deps> => operation<S3Client, Name, S3Deps, OpenCall>(spec);

/** What must be allowed for an operation of S3 whose input has these members. */
export type S3Permission<Input> = RequiredPermission<Input, S3Deps, OpenCall>;
