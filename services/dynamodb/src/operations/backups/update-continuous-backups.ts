/** Begins to keep what a table needs to be restored to a moment, for so many days, or ends it. */
import { operation } from '@stormglass/service-kit';
import { shownRecovery } from '../../backup-shapes.ts';
import type { ItemDeps } from '../../data/cells.ts';
import { type DynamoDbClient, execute } from '../../deps.ts';
import { requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';

export const updateContinuousBackups = operation<DynamoDbClient, 'UpdateContinuousBackups', ItemDeps>({
  name: 'UpdateContinuousBackups',
  state: 'write',
  permission: onTable,
  gaps: [
    'A partition keeps 1 GiB of what its items were: past that the oldest goes early, and EarliestRestorableDateTime with it.',
  ],
  async handle({ TableName, PointInTimeRecoverySpecification }, call, deps) {
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays: days } = PointInTimeRecoverySpecification;
    const table = await execute(deps, call, {
      ...{ ...requestedTable(TableName, call), type: 'UpdateRecovery', isEnabled: PointInTimeRecoveryEnabled! },
      ...(days !== undefined && { days }),
    });
    return { ContinuousBackupsDescription: shownRecovery(table, deps, call.now) };
  },
});
