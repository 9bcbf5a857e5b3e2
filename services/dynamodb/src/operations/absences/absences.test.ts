import {
  CreateGlobalTableCommand,
  DescribeContributorInsightsCommand,
  DescribeKinesisStreamingDestinationCommand,
  EnableKinesisStreamingDestinationCommand,
  ListContributorInsightsCommand,
  ListExportsCommand,
  ListGlobalTablesCommand,
  ListImportsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
const TableName = 'plain';
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName);
});
afterAll(() => host.close());

it('says of a table what it does not have', async () => {
  expect(await host.root.send(new DescribeKinesisStreamingDestinationCommand({ TableName }))).toMatchObject({
    ...{ TableName, KinesisDataStreamDestinations: [] },
  });
  expect(await host.root.send(new DescribeContributorInsightsCommand({ TableName }))).toMatchObject({
    ...{ TableName, ContributorInsightsStatus: 'DISABLED' },
  });
  for (const input of [{ TableName: 'absent' }, { TableName, IndexName: 'absent' }])
    await expect(host.root.send(new DescribeContributorInsightsCommand(input))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', expect.stringContaining('Requested resource not found')),
    );
});

it('lists nothing where there is nothing', async () => {
  expect([
    (await host.root.send(new ListContributorInsightsCommand({}))).ContributorInsightsSummaries,
    (await host.root.send(new ListGlobalTablesCommand({}))).GlobalTables,
    (await host.root.send(new ListExportsCommand({}))).ExportSummaries,
    (await host.root.send(new ListImportsCommand({}))).ImportSummaryList,
  ]).toEqual([[], [], [], []]);
});

it('says that it does not offer what would change that', async () => {
  const notHere = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
  const StreamArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/a';
  await expect(
    host.root.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn })),
  ).rejects.toMatchObject(notHere);
  await expect(
    host.root.send(new CreateGlobalTableCommand({ GlobalTableName: TableName, ReplicationGroup: [] })),
  ).rejects.toMatchObject(notHere);
});
