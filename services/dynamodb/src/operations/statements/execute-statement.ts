/** Executes one statement: SELECT in pages, or a write of one item. */
import type { ExecuteStatementInput } from '@aws-sdk/client-dynamodb';
import { InvalidInput } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import { Consumption } from '../../data/capacity.ts';
import type { ItemDeps } from '../../data/cells.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { given, shownItem, shownTexts } from '../../data/shown-items.ts';
import { givenStatement } from '../../data/statements/given-statement.ts';
import { digestOf, positionIn, tokenOf } from '../../data/statements/next-token.ts';
import { type GivenSelect, readStatement } from '../../data/statements/read-statement.ts';
import { allowStatement } from '../../data/statements/statement-permissions.ts';
import { type GivenChange, writeStatement } from '../../data/statements/write-statement.ts';

export const executeStatement = dataOperation<'ExecuteStatement'>({
  name: 'ExecuteStatement',
  state: 'write',
  permission: 'none',
  gaps: [
    'Conditions on range keys that overlap, with OR between, are carried out; AWS refuses them.',
    'Results of IN come in pages of 1 MB, not of ten items.',
  ],
  async handle(input, call, deps) {
    const asked = givenStatement(input);
    const { statement } = asked;
    if (statement.kind === 'exists')
      throw new InvalidInput('EXISTS can only be used in ExecuteTransaction write requests.');
    await allowStatement(deps, call, asked);
    if (statement.kind === 'select') return read(deps, call, asked as GivenSelect, input);
    const isItemShown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const { table, written } = await writeStatement(deps, call, asked as GivenChange, isItemShown);
    const consumption = new Consumption(table, 'write').addWrite(written);
    return {
      Items: shownTexts(written.attributes === undefined ? [] : [written.attributes]),
      ...given('ConsumedCapacity', consumption.shown(input.ReturnConsumedCapacity)),
    };
  },
});

async function read(deps: ItemDeps, call: Call, asked: GivenSelect, input: ExecuteStatementInput) {
  const digest = digestOf(input, call.accountId);
  const { texts, next, consumption } = await readStatement(deps, call, asked, {
    isStrong: input.ConsistentRead === true,
    limit: input.Limit,
    from: positionIn(input.NextToken, digest),
  });
  return {
    Items: shownTexts(texts),
    ...(next && { NextToken: tokenOf(next, digest) }),
    ...(next?.key && { LastEvaluatedKey: shownItem(next.key) }),
    ...given('ConsumedCapacity', consumption.shown(input.ReturnConsumedCapacity)),
  };
}
