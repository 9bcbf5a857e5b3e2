/** Executes up to 100 statements, all or none: reads as they were at one moment, or writes and checks. */
import type { ParameterizedStatement } from '@aws-sdk/client-dynamodb';
import { AwsError } from '@stormglass/aws-wire';
import { InvalidInput } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import { Consumptions, readUnits, TRANSACTION_COST } from '../../data/capacity.ts';
import type { ItemDeps } from '../../data/cells.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { checkDistinct } from '../../data/item-keys.ts';
import { shownText, textOf } from '../../data/shown-items.ts';
import { type GivenStatement, givenStatement, isRead } from '../../data/statements/given-statement.ts';
import type { GivenSelect } from '../../data/statements/read-statement.ts';
import { type SingleRead, singleRead } from '../../data/statements/single-reads.ts';
import { allowStatement } from '../../data/statements/statement-permissions.ts';
import { withDuplicates } from '../../data/statements/transaction-errors.ts';
import { type GivenWrite, writeIn } from '../../data/statements/write-statement.ts';
import { checkReadSize, checkTransactionSize } from '../../data/transactions/checked-actions.ts';
import { readTransaction } from '../../data/transactions/read-transaction.ts';
import { requestTokenOf } from '../../data/transactions/request-token.ts';
import { type Action, writeTransaction } from '../../data/transactions/write-transaction.ts';
import { itemOf } from '../../data/write-items.ts';

const SEVERAL_TIMES = 'Transaction request cannot include multiple operations on one item';

export const executeTransaction = dataOperation<'ExecuteTransaction'>({
  name: 'ExecuteTransaction',
  state: 'write',
  permission: 'none',
  async handle(input, call, deps) {
    const { TransactStatements, ReturnConsumedCapacity: capacity } = input;
    const asked = TransactStatements.map((request, n) => inTransaction(n, () => checked(givenStatement(request))));
    for (const each of asked) await allowStatement(deps, call, each);
    const reads = asked.filter(isRead);
    if (reads.length === 0) {
      const consumptions = await write(deps, call, asked as readonly GivenWrite[], input);
      return { Responses: [], ...consumptions.shown(capacity, true) };
    }
    if (reads.length < asked.length)
      throw new InvalidInput('Read and write requests together in the same transaction is not supported.');
    return withCurrentMap(deps, call, async attempt => {
      const wanted = await wantedBy(deps, call, reads as readonly GivenSelect[]);
      const found = await readTransaction(deps, call, wanted, attempt);
      checkReadSize(found);
      const consumptions = new Consumptions('read');
      const Responses = found.map(({ item, size }, n) => {
        const { table, projection } = wanted[n]!;
        consumptions.of(table).add(TRANSACTION_COST * readUnits(size, true));
        return item === undefined ? {} : { Item: shownText(textOf(item, projection)) };
      });
      return { Responses, ...consumptions.shown(capacity, true) };
    });
  },
});

function checked(given: GivenStatement): GivenStatement {
  const { statement } = given;
  if ('returning' in statement && statement.returning !== undefined)
    throw new InvalidInput('RETURNING clause is not supported in ExecuteTransaction.');
  if (statement.kind === 'select' && statement.target.index !== undefined)
    throw new InvalidInput('Reads on indices are not supported within transactions.');
  return given;
}

/** What is wrong with a statement is said with its place. */
function inTransaction<Value>(n: number, look: () => Value): Value {
  try {
    return look();
  } catch (error) {
    throw error instanceof InvalidInput ? placed(error, n) : error;
  }
}

const placed = ({ message }: InvalidInput, n: number) =>
  new InvalidInput(`Validation failed in TransactStatements[${n}]: ${message}`);

async function wantedBy(deps: ItemDeps, call: Call, reads: readonly GivenSelect[]): Promise<readonly SingleRead[]> {
  const wanted: SingleRead[] = [];
  for (const [n, given] of reads.entries()) {
    try {
      wanted.push(await singleRead(deps, call, given, 'ExecuteTransaction'));
    } catch (error) {
      throw error instanceof InvalidInput ? placed(error, n) : error;
    }
  }
  checkDistinct(
    wanted.map(({ table, key }) => ({ table, item: key })),
    SEVERAL_TIMES,
  );
  return wanted;
}

interface Input {
  readonly TransactStatements: readonly ParameterizedStatement[];
  readonly ClientRequestToken?: string | undefined;
}

async function write(deps: ItemDeps, call: Call, asked: readonly GivenWrite[], input: Input): Promise<Consumptions> {
  const request = requestTokenOf(input, call);
  return withCurrentMap(deps, call, async attempt => {
    const actions: Action[] = [];
    for (const [n, given] of asked.entries()) {
      const table = await usableTable(deps, call, given.statement.target.table);
      const isItemShown = input.TransactStatements[n]!.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      actions.push({ table, action: inTransaction(n, () => writeIn(given, table, isItemShown)) });
    }
    checkDistinct(
      actions.map(({ table, action }) => ({ table, item: itemOf(action) })),
      SEVERAL_TIMES,
    );
    checkTransactionSize(actions.map(({ action }) => itemOf(action)));
    const written = await writeTransaction(deps, call, actions, request, attempt).catch((error: unknown) => {
      throw error instanceof AwsError ? withDuplicates(error, asked) : error;
    });
    const consumptions = new Consumptions(written === undefined ? 'read' : 'write');
    actions.forEach(({ table }, n) => {
      const done = written?.[n];
      if (done === undefined) consumptions.of(table).add(TRANSACTION_COST * readUnits(0, true));
      else consumptions.of(table).addWrite(done, TRANSACTION_COST);
    });
    return consumptions;
  });
}
