/** Makes a table of another one as it was at a moment. It is there once its cells have filled its partitions. */
import { uuid } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { restorableSince } from '../../backup-shapes.ts';
import type { ItemDeps } from '../../data/cells.ts';
import { type DynamoDbClient, execute } from '../../deps.ts';
import { dynamoDbError, invalidValues } from '../../errors.ts';
import { givenOverrides } from '../../given.ts';
import { checkIsOwn, checkName, requestedTable } from '../../names.ts';
import { toRestore } from '../../permissions.ts';
import { shownTable } from '../../shapes.ts';

export const restoreTableToPointInTime = operation<DynamoDbClient, 'RestoreTableToPointInTime', ItemDeps>({
  name: 'RestoreTableToPointInTime',
  state: 'strong-read',
  permission: toRestore,
  gaps: [
    'A moment is one of the clocks of the logs that the cells have: of items in several cells it is the same moment as far as their clocks agree.',
    'Keys of KMS are refused.',
    'What AWS asks of permissions on the items of the new table is not asked.',
  ],
  async handle(input, call, deps) {
    const { TargetTableName: name, SourceTableName, SourceTableArn, RestoreDateTime, UseLatestRestorableTime } = input;
    checkName(name, 'targetTableName');
    const given = SourceTableArn ?? SourceTableName;
    if (given === undefined) throw invalidValues('One of SourceTableArn or SourceTableName must be specified');
    const source = requestedTable(given, call);
    checkIsOwn(source, call);
    if ((RestoreDateTime !== undefined) === (UseLatestRestorableTime === true))
      throw invalidValues('One of RestoreDateTime or UseLatestRestorableTime must be specified');
    const at = RestoreDateTime?.getTime();
    const table = deps.catalogue.view.table(source.accountId, source.name);
    if (table?.recovery !== undefined && at !== undefined && at < restorableSince(table, deps, call.now))
      throw dynamoDbError(
        'InvalidRestoreTimeException',
        'An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime.',
      );
    const made = await execute(deps, call, {
      ...{ type: 'RestoreTable', accountId: call.accountId, name, tableId: uuid(deps.random) },
      policyRevision: String(call.now),
      source: { tableName: source.name, ...(at !== undefined && { at }) },
      ...givenOverrides(input),
    });
    return { TableDescription: shownTable(made, call, deps) };
  },
});
