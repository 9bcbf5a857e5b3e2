/** Events as the S3 User Guide shows them. */
import type { ObjectChange } from '@stormglass/object-index';
import { expect, test } from 'vitest';
import { eventRecord } from './event-record.ts';

const PUT: ObjectChange = {
  kind: 'object',
  event: 'ObjectCreated:Put',
  bucket: 'pictures',
  key: 'a b/ü',
  versionId: 'null',
  sequencer: 458_753,
  at: Date.parse('2021-11-12T00:00:00.123Z'),
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
};
const record = (change: Partial<ObjectChange> = {}) =>
  JSON.parse(
    JSON.stringify(eventRecord({ ...PUT, ...change }, { account: '111122223333', region: 'eu-west-1' })),
  ) as Record<string, unknown>;

test('an object was created', () => {
  expect(record()).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2021-11-12T00:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:s3:::pictures'],
    detail: {
      version: '0',
      bucket: { name: 'pictures' },
      object: { key: 'a b/ü', size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '0000000000070001' },
      requester: '111122223333',
      reason: 'PutObject',
    },
  });
});

test.each<[ObjectChange['event'], object]>([
  ['ObjectRemoved:Delete', { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' }],
  ['ObjectRemoved:DeleteMarkerCreated', { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' }],
  [
    'LifecycleExpiration:Delete',
    { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted', requester: 's3.amazonaws.com' },
  ],
])('%s', (event, detail) => {
  expect(record({ event, versionId: 'v1' })).toMatchObject({
    'detail-type': 'Object Deleted',
    detail: { ...detail, object: { 'version-id': 'v1' } },
  });
});

test('a change has the same id wherever its event is made, and each its own', () => {
  expect(record().id).toBe(record().id);
  expect(record().id).not.toBe(record({ sequencer: 458_754 }).id);
});
