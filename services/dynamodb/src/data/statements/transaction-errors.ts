/** Why a transaction of statements was cancelled: INSERT has a word of its own for items that are there already. */
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { AwsError } from '@stormglass/aws-wire';
import { DUPLICATE, type GivenWrite } from './write-statement.ts';

/** The error with the reasons of statements. */
export function withDuplicates(error: AwsError, statements: readonly GivenWrite[]): AwsError {
  const reasons = error.fields?.CancellationReasons as readonly CancellationReason[] | undefined;
  if (error.code !== 'TransactionCanceledException' || reasons === undefined) return error;
  const CancellationReasons = reasons.map((reason, n) =>
    reason.Code === 'ConditionalCheckFailed' && statements[n]?.statement.kind === 'insert'
      ? { ...reason, Code: 'DuplicateItem', Message: DUPLICATE.message }
      : reason,
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError(error.code, error.status, message, { CancellationReasons }, { cause: error });
}
