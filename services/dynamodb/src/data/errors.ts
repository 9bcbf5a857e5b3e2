/** Errors of reads and writes of items: refusals of cells and of what requests say, as DynamoDB has them. */
import { AwsError, RawJson } from '@stormglass/aws-wire';
import { MovedError, type Refusal, reasonCode } from '@stormglass/item-store';
import { InvalidInput } from '@stormglass/items';
import { CommandTooLarge } from '@stormglass/replicated-state';
import { validationError } from '../errors.ts';

/** Words that many refusals begin with. */
export const INVALID = 'One or more parameter values were invalid: ';

/** The map of partitions that this zone has is not, or no longer, right: for `withCurrentMap`. */
export class MapOutdated extends Error {
  override readonly name = 'MapOutdated';
}

export const isOutdated = (error: unknown): boolean => error instanceof MapOutdated || error instanceof MovedError;

/** Of a table that is not there, as reads and writes of items have it. */
export const noSuchTable = (): AwsError =>
  new AwsError('ResourceNotFoundException', 400, 'Requested resource not found');

/** Nothing was changed. */
export const noPlace = (cause: unknown): AwsError =>
  new AwsError('ServiceUnavailable', 503, 'The partition of the item is being moved. Nothing was changed.', undefined, {
    cause,
  });

/** What a client is told of a write or a command that was refused, or what the handler must know of it. */
export function refusalError({ code, message, item, reasons }: Refusal): AwsError | MapOutdated {
  switch (code) {
    case 'Moved':
    case 'NotPossible':
      return new MapOutdated(message);
    case 'UnknownCommand':
      // A zone that is still being deployed to; the client's retry reaches another one.
      return new AwsError('ServiceUnavailable', 503, message);
    case 'ConditionalCheckFailedException':
      return new AwsError(code, 400, message, item === undefined ? undefined : { Item: new RawJson(item) });
    case 'TransactionCanceledException':
      return new AwsError(code, 400, message, { CancellationReasons: (reasons ?? []).map(shownReason) });
    default:
      return new AwsError(code, 400, message);
  }
}

const shownReason = (reason: Refusal | null) =>
  reason === null
    ? { Code: 'None' }
    : {
        Code: reasonCode(reason),
        Message: reason.message,
        ...(reason.item === undefined ? {} : { Item: new RawJson(reason.item) }),
      };

/** What packages below throw for the client, as errors that it understands. */
export function clientError(error: unknown): unknown {
  if (error instanceof InvalidInput) return validationError(error.message);
  // Text that JSON has to escape, or values of expressions, can be more than a log takes.
  if (error instanceof CommandTooLarge) return validationError('Item size has exceeded the maximum allowed size');
  return error;
}
