/** What of S3 is written down: what is done with buckets, and nothing of what is done with objects. */
import { CreateBucketCommand, DeleteBucketCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { AuditEvent } from '@stormglass/service-kit';
import { expect, it } from 'vitest';
import { OPERATIONS } from './operations/index.ts';
import { startS3Host } from './testing/s3-host.ts';

it('writes down what is done with buckets, by their names', async () => {
  const events: AuditEvent[] = [];
  const audit = {
    async record(event: AuditEvent) {
      events.push(event);
    },
  };
  const host = await startS3Host({ audit });
  try {
    const Bucket = 'written-down';
    await host.root.send(new CreateBucketCommand({ Bucket }));
    await host.root.send(new GetBucketVersioningCommand({ Bucket }));
    await host.root.send(new DeleteBucketCommand({ Bucket }));
  } finally {
    await host.close();
  }
  expect(events.map(({ index }) => index.name)).toEqual(['CreateBucket', 'GetBucketVersioning', 'DeleteBucket']);
  for (const { index, record } of events) {
    expect(index.resources).toEqual([['AWS::S3::Bucket', 'written-down']]);
    expect(JSON.parse(record)).toMatchObject({
      eventSource: 's3.amazonaws.com',
      requestParameters: { bucketName: 'written-down' },
    });
  }
});

it('leaves out whatever is done with objects', () => {
  const written = OPERATIONS.filter(({ isDataEvent }) => !isDataEvent).map(({ name }) => name);
  expect(written.filter(name => /Object(?!Lock)|Part|Upload/.test(name))).toEqual([]);
});
