/** Tells the streams of Kinesis that a table writes to: none does. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { findTable } from '../../find.ts';
import { onTable } from '../../permissions.ts';

export const describeKinesisStreamingDestination = operation<
  DynamoDbClient,
  'DescribeKinesisStreamingDestination',
  DynamoDbDeps
>({
  name: 'DescribeKinesisStreamingDestination',
  state: 'strong-read',
  permission: onTable,
  gaps: ['There are no streams of Kinesis.'],
  handle: ({ TableName }, call, deps) => ({
    TableName: findTable(deps, call, TableName).name,
    KinesisDataStreamDestinations: [],
  }),
});
