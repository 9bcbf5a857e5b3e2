/** The refusal of a transaction, made of those of its writes (TransactWriteItems, `TransactionCanceledException`). */
import { type Refusal, Refused } from './result.ts';

const CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ItemCollectionSizeLimitExceededException: 'ItemCollectionSizeLimitExceeded',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  TransactionConflictException: 'TransactionConflict',
  ValidationException: 'ValidationError',
};

/** The `Code` of a cancellation reason. */
export const reasonCode = (reason: Refusal | null): string =>
  reason === null ? 'None' : (CODES[reason.code] ?? reason.code);

/** One reason for each write of the transaction, in order. */
export const cancelled = (reasons: readonly (Refusal | null)[]): Refused<Refusal> =>
  new Refused<Refusal>({
    ok: false,
    code: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(reasonCode).join(', ')}]`,
    reasons,
  });
