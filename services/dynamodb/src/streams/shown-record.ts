/** Records as DynamoDB Streams shows them. */
import { hash } from 'node:crypto';
import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';
import { RawJson } from '@stormglass/aws-wire';
import type { KeptShard, StreamRecord } from '@stormglass/item-store';
import { type Item, itemSize } from '@stormglass/items';
import { sequenceNumber } from './shard-names.ts';

const VERSION = '1.1';
const ID_DIGITS = 32;
/** What an expired item was deleted by. */
const TIME_TO_LIVE = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' };

export function shownRecord(
  { stream, partition, view }: KeptShard,
  { seq, at, event, byService, keys, before, after }: StreamRecord,
  region: string,
): _Record {
  const number = sequenceNumber(partition, seq);
  return {
    // The same in every zone, so that a reader knows a record that he had before.
    eventID: hash('sha256', `${stream} ${number}`).slice(0, ID_DIGITS),
    eventName: event,
    eventVersion: VERSION,
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: new Date(Math.floor(at / 1000) * 1000),
      Keys: attributes(keys),
      ...(after !== undefined && { NewImage: attributes(after) }),
      ...(before !== undefined && { OldImage: attributes(before) }),
      SequenceNumber: number,
      SizeBytes: sizeOf(keys) + sizeOf(after) + sizeOf(before),
      StreamViewType: view,
    },
    ...(byService && { userIdentity: TIME_TO_LIVE }),
  };
}

/** The text of an item, as it goes into an answer. */
const attributes = (text: string) => new RawJson(text) as unknown as Record<string, AttributeValue>;

const sizeOf = (text: string | undefined): number => (text === undefined ? 0 : itemSize(JSON.parse(text) as Item));
