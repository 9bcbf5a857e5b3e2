/** Events as the S3 User Guide shows them. */
import { expect, test } from 'vitest';
import { eventRecord, type ObjectEvent } from './event-record.ts';

const CREATED: ObjectEvent = {
  type: 'created',
  reason: 'PutObject',
  place: { position: 7, number: 1 },
  at: Date.parse('2021-11-12T00:00:00.123Z'),
  bucket: 'pictures',
  account: '111122223333',
  key: 'a b/ü',
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  requester: '123456789012',
};
const record = (event: Partial<ObjectEvent> = {}) =>
  JSON.parse(JSON.stringify(eventRecord({ ...CREATED, ...event }, 'eu-west-1', 'aws'))) as Record<string, unknown>;

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
      object: { key: 'a b/ü', size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '000000000000070001' },
      requester: '123456789012',
      reason: 'PutObject',
    },
  });
});

test('a version was deleted, or hidden behind a marker', () => {
  const deleted = { type: 'deleted', reason: 'DeleteObject', versionId: 'v1' } as const;
  expect(record(deleted)).toMatchObject({
    'detail-type': 'Object Deleted',
    detail: { object: { 'version-id': 'v1' }, 'deletion-type': 'Permanently Deleted' },
  });
  expect(record({ ...deleted, isMarker: true })).toMatchObject({
    detail: { 'deletion-type': 'Delete Marker Created' },
  });
});

test('a change has the same id wherever its event is made, and each its own', () => {
  expect(record().id).toBe(record().id);
  expect(record().id).not.toBe(record({ place: { position: 7, number: 2 } }).id);
});
