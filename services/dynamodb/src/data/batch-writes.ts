/** Many writes in one request, each done or not on its own: those that were not are for the client to send again. */
import type { Refusal, Written } from '@stormglass/item-store';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { byCell, type ItemDeps, inCommands, resultIn } from './cells.ts';
import { isOutdated, refusalError } from './errors.ts';
import { type ItemWrite, placed } from './write-items.ts';

export interface BatchWrite {
  readonly table: TableRecord;
  readonly write: ItemWrite;
}

/** Refusals after which the same write may succeed. */
const PASSING: ReadonlySet<string> = new Set([
  'Moved',
  'ProvisionedThroughputExceededException',
  'TransactionConflictException',
]);

/**
 * Carries out puts and deletes. What comes back has a place for each, undefined where it was not done.
 *
 * @throws AwsError when one is refused for good, or none was done; MapOutdated, LogUnavailable in that case
 */
export async function writeBatch(
  deps: ItemDeps,
  call: Call,
  writes: readonly BatchWrite[],
): Promise<readonly (Written | undefined)[]> {
  const at = writes.map(({ table, write }, index) => ({ ...placed(table, write), index }));
  const results: (Written | undefined)[] = writes.map(() => undefined);
  let failure: unknown;
  const commands = [...byCell(at)].flatMap(([cell, own]) => inCommands(own).map(part => ({ cell, part })));
  // A put or a delete without a condition may be done twice, so that a command needs no id.
  const calling = { deadline: call.deadline, trace: call.trace, commandId: undefined };
  await Promise.all(
    commands.map(async ({ cell, part }) => {
      try {
        const command = { type: 'WriteItems', writes: part.map(({ write }) => write) } as const;
        const result = await resultIn(deps, cell, calling, command);
        if (!result.ok) throw refusalError(result);
        part.forEach(({ index }, i) => {
          const done: Written | Refusal = result.value[i]!;
          if (done.ok) results[index] = done;
          else if (failure === undefined || !PASSING.has(done.code)) failure = refusalError(done);
        });
      } catch (error) {
        if (!(error instanceof LogUnavailable) && !isOutdated(error)) throw error;
        failure ??= error;
      }
    }),
  );
  if (failure !== undefined && (isFinal(failure) || results.every(each => each === undefined))) throw failure;
  return results;
}

const isFinal = (failure: unknown): boolean =>
  !(failure instanceof LogUnavailable) &&
  !isOutdated(failure) &&
  !(failure instanceof Error && 'code' in failure && PASSING.has(String(failure.code)));
