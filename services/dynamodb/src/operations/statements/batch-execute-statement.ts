/** Executes up to 25 statements, all of them reads of one item or all of them writes, each on its own. */
import type { BatchStatementRequest, BatchStatementResponse } from '@aws-sdk/client-dynamodb';
import { InvalidInput } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { Consumptions, readUnits } from '../../data/capacity.ts';
import type { ItemDeps } from '../../data/cells.ts';
import { withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { clientError } from '../../data/errors.ts';
import { readItems } from '../../data/read-items.ts';
import { shownText, textOf } from '../../data/shown-items.ts';
import { isUnavailable, statementError } from '../../data/statements/batch-errors.ts';
import { type GivenStatement, givenStatement, isRead } from '../../data/statements/given-statement.ts';
import type { GivenSelect } from '../../data/statements/read-statement.ts';
import { singleRead } from '../../data/statements/single-reads.ts';
import { allowStatement } from '../../data/statements/statement-permissions.ts';
import { type GivenChange, writeStatement } from '../../data/statements/write-statement.ts';

/** What one statement came to. */
interface Outcome {
  readonly table: TableRecord;
  /** The item that was read, or what a write returns, as text. */
  readonly text: string | undefined;
  consumed(consumptions: Consumptions): void;
}

export const batchExecuteStatement = dataOperation<'BatchExecuteStatement'>({
  name: 'BatchExecuteStatement',
  state: 'write',
  permission: 'none',
  gaps: ['Writes of one item by several statements of a batch are done in any order.'],
  async handle({ Statements, ReturnConsumedCapacity }, call, deps) {
    const asked = Statements.map(request => settled(() => givenStatement(request)));
    checkAllAlike(asked);
    const consumptions = new Consumptions('write');
    const outcomes = await Promise.allSettled(
      asked.map(async (each, n) => {
        if (each.status === 'rejected') throw each.reason;
        return execute(deps, callOf(call, n), each.value, Statements[n]!);
      }),
    );
    const failed = outcomes.filter(each => each.status === 'rejected');
    // Then it is no matter of statements, and a client that tries again loses nothing.
    if (failed.length === outcomes.length && failed.every(({ reason }) => isUnavailable(reason)))
      throw failed[0]!.reason;
    const Responses = outcomes.map((outcome, n) => shown(outcome, asked[n]!, consumptions));
    return { Responses, ...consumptions.shown(ReturnConsumedCapacity) };
  },
});

type Given = PromiseSettledResult<GivenStatement>;

function settled(read: () => GivenStatement): Given {
  try {
    return { status: 'fulfilled', value: read() };
  } catch (reason) {
    if (!(reason instanceof InvalidInput)) throw reason;
    return { status: 'rejected', reason };
  }
}

function checkAllAlike(asked: readonly Given[]): void {
  const kinds = new Set(asked.flatMap(each => (each.status === 'fulfilled' ? [isRead(each.value)] : [])));
  if (kinds.size > 1) throw new InvalidInput('Read and write requests together in the same batch is not supported.');
}

/** Commands of one call are told apart by their statement. */
const callOf = (call: Call, n: number): Call => ({
  ...call,
  commandId: call.commandId === undefined ? undefined : `${call.commandId}.${n}`,
});

async function execute(
  deps: ItemDeps,
  call: Call,
  given: GivenStatement,
  request: BatchStatementRequest,
): Promise<Outcome> {
  if (given.statement.kind === 'exists')
    throw new InvalidInput('EXISTS can only be used in ExecuteTransaction write requests.');
  await allowStatement(deps, call, given);
  if (isRead(given)) return read(deps, call, given as GivenSelect, request.ConsistentRead === true);
  const isItemShown = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const { table, written } = await writeStatement(deps, call, given as GivenChange, isItemShown);
  return { table, text: written.attributes, consumed: all => all.of(table).addWrite(written) };
}

function read(deps: ItemDeps, call: Call, given: GivenSelect, isStrong: boolean): Promise<Outcome> {
  return withCurrentMap(deps, call, async attempt => {
    const { table, key, projection } = await singleRead(deps, call, given, 'BatchExecuteStatement');
    const [found] = await readItems(deps, call, [{ table, key, isStrong }], attempt);
    const { item, size } = found!;
    return {
      table,
      text: item === undefined ? undefined : textOf(item, projection),
      consumed: all => all.of(table).add(readUnits(size, isStrong)),
    };
  });
}

function shown(
  outcome: PromiseSettledResult<Outcome>,
  asked: Given,
  consumptions: Consumptions,
): BatchStatementResponse {
  if (outcome.status === 'fulfilled') {
    const { table, text, consumed } = outcome.value;
    consumed(consumptions);
    return { TableName: table.name, ...(text !== undefined && { Item: shownText(text) }) };
  }
  const error = statementError(clientError(outcome.reason));
  // What is no statement has no table.
  const { table } = asked.status === 'fulfilled' ? asked.value.statement.target : {};
  return { Error: error, ...(table !== undefined && { TableName: table }) };
}
