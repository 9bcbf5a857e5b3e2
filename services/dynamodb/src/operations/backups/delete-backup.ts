/** Deletes a backup. Its cells let go of their copies soon after. */
import { operation } from '@stormglass/service-kit';
import { describedBackup, findBackup } from '../../backup-shapes.ts';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { onBackup } from '../../permissions.ts';

export const deleteBackup = operation<DynamoDbClient, 'DeleteBackup', DynamoDbDeps>({
  name: 'DeleteBackup',
  state: 'strong-read',
  permission: onBackup,
  async handle({ BackupArn }, call, deps) {
    const { accountId, id } = findBackup(deps, call, BackupArn);
    const backup = await execute(deps, call, { type: 'DeleteBackup', accountId, backup: id });
    const described = describedBackup(backup, call);
    return {
      BackupDescription: { ...described, BackupDetails: { ...described.BackupDetails!, BackupStatus: 'DELETED' } },
    };
  },
});
