import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
});
afterAll(() => host.close());

const update = async (TableName: string, PointInTimeRecoveryEnabled: boolean, RecoveryPeriodInDays?: number) => {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled, RecoveryPeriodInDays };
  const input = { TableName, PointInTimeRecoverySpecification };
  const { ContinuousBackupsDescription } = await host.root.send(new UpdateContinuousBackupsCommand(input));
  await host.settle();
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
};
const described = async (TableName: string) => {
  const { ContinuousBackupsDescription } = await host.root.send(new DescribeContinuousBackupsCommand({ TableName }));
  return ContinuousBackupsDescription;
};
const put = (TableName: string, id: string, value: string) =>
  host.root.send(new PutItemCommand({ TableName, Item: { id: { S: id }, v: { S: value } } }));
const get = async (TableName: string, id: string) =>
  (await host.root.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item?.v?.S;
const restore = (more: Omit<RestoreTableToPointInTimeCommandInput, 'TargetTableName'>, TargetTableName: string) =>
  host.root.send(new RestoreTableToPointInTimeCommand({ ...more, TargetTableName }));

/** A moment after everything that was done, and before everything that will be. */
async function moment(): Promise<Date> {
  const at = systemClock.now();
  await until('a later moment', () => systemClock.now() > at + 1);
  return new Date(at);
}

describe('a table that can be restored to a moment', () => {
  it('is told of', async () => {
    await host.table('told');
    expect(await described('told')).toEqual({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    expect(await update('told', true)).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    });
    expect(await update('told', true, 7)).toMatchObject({ RecoveryPeriodInDays: 7 });
    expect(await update('told', true)).toMatchObject({ RecoveryPeriodInDays: 7 });
    const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } = (await described('told'))!
      .PointInTimeRecoveryDescription!;
    expect(from!.getTime() % 1000).toBe(0);
    expect(from!.getTime()).toBeLessThan(to!.getTime() + 1000);
    expect(await update('told', false)).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
  });

  it('becomes another one as it was', async () => {
    await host.table('past');
    await put('past', 'a', 'before');
    await update('past', true);
    const first = await moment();
    await put('past', 'a', 'changed');
    await put('past', 'b', 'new');
    const second = await moment();
    await host.root.send(new DeleteItemCommand({ TableName: 'past', Key: { id: { S: 'a' } } }));
    await put('past', 'c', 'last');

    await restore({ SourceTableName: 'past', RestoreDateTime: first }, 'first');
    await expect(host.root.send(new DeleteTableCommand({ TableName: 'past' }))).rejects.toMatchObject(
      refusal('ResourceInUseException'),
    );
    await expect(update('past', false)).rejects.toMatchObject(refusal('ResourceInUseException'));
    await host.settle();
    await restore({ SourceTableArn: arnOf('past'), RestoreDateTime: second }, 'second');
    await restore({ SourceTableName: 'past', UseLatestRestorableTime: true }, 'latest');
    await host.settle();
    const values = async (name: string) => Promise.all(['a', 'b', 'c'].map(id => get(name, id)));
    expect(await values('first')).toEqual(['before', undefined, undefined]);
    expect(await values('second')).toEqual(['changed', 'new', undefined]);
    expect(await values('latest')).toEqual([undefined, 'new', 'last']);
    const { Table } = await host.root.send(new DescribeTableCommand({ TableName: 'second' }));
    expect(Table?.RestoreSummary).toEqual({
      ...{ SourceTableArn: arnOf('past'), RestoreDateTime: second, RestoreInProgress: false },
    });
    expect(await described('second')).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    expect(await get('past', 'a')).toBeUndefined();
  });

  it('is restored to no other moments, and no other table is', async () => {
    await host.table('young');
    const source = { SourceTableName: 'young' };
    await expect(restore({ ...source, UseLatestRestorableTime: true }, 'target')).rejects.toMatchObject(
      refusal('PointInTimeRecoveryUnavailableException', "Point in time recovery is not enabled for table 'young'"),
    );
    const before = await moment();
    await update('young', true);
    for (const RestoreDateTime of [before, new Date(systemClock.now() + 60_000)])
      await expect(restore({ ...source, RestoreDateTime }, 'target')).rejects.toMatchObject(
        refusal('InvalidRestoreTimeException'),
      );
    await expect(restore(source, 'target')).rejects.toMatchObject(refusal('ValidationException'));
    await expect(restore({ ...source, UseLatestRestorableTime: true }, 'young')).rejects.toMatchObject(
      refusal('TableAlreadyExistsException', 'Table already exists: young'),
    );
    const nowhere = { SourceTableName: 'nowhere', UseLatestRestorableTime: true };
    const isMissing = refusal('TableNotFoundException', 'Table not found: nowhere');
    await expect(restore(nowhere, 'target')).rejects.toMatchObject(isMissing);
    await expect(described('nowhere')).rejects.toMatchObject(isMissing);
    await expect(update('nowhere', true)).rejects.toMatchObject(isMissing);
    await expect(update('young', true, 36)).rejects.toMatchObject(refusal('ValidationException'));
  });
});
