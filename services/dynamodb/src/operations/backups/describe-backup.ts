/** Tells what a backup is, and of which table. */
import { operation } from '@stormglass/service-kit';
import { describedBackup, findBackup } from '../../backup-shapes.ts';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onBackup } from '../../permissions.ts';

export const describeBackup = operation<DynamoDbClient, 'DescribeBackup', DynamoDbDeps>({
  name: 'DescribeBackup',
  state: 'strong-read',
  permission: onBackup,
  handle: ({ BackupArn }, call, deps) => ({
    BackupDescription: describedBackup(findBackup(deps, call, BackupArn), call),
  }),
});
