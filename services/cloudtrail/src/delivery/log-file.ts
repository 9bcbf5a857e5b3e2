/**
 * Log files as CloudTrail writes them into buckets ("CloudTrail log file examples", User Guide): which events are in one,
 * what it is called, and its bytes. All three follow from the state alone.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StoredEvent } from '../state/event-table.ts';
import { unpackRecords } from '../state/packed-events.ts';
import type { Delivery, EventSelector, Trail } from '../state/trail.ts';

/** A file has no more than one entry of the log beyond these. */
const EVENTS_MAX = 1000;
const BYTES_MAX = 512 * 1024;

/** The source of events that belong to no region. */
const GLOBAL_SOURCE = 'iam.amazonaws.com';

/** Whether a trail delivers an event that came while it logged. */
export function isDelivered(trail: Trail, delivery: Delivery, event: StoredEvent): boolean {
  const { after, until = Number.POSITIVE_INFINITY, gap: [gapAfter, gapUpTo] = [0, 0] } = delivery;
  const { seq, index } = event;
  if (index.account !== trail.accountId || seq <= after || seq > until) return false;
  if (seq > gapAfter && seq <= gapUpTo) return false;
  if (!trail.includeGlobalServiceEvents && index.source === GLOBAL_SOURCE) return false;
  return trail.selectors.some(selector => selects(selector, event));
}

const selects = (
  { readWriteType, excludeManagementEventSources }: EventSelector,
  { index: { readOnly, source } }: StoredEvent,
): boolean =>
  (readWriteType === 'All' || (readWriteType === 'ReadOnly') === readOnly) &&
  !excludeManagementEventSources.includes(source);

export interface Cut {
  /** Position of the last entry of the log that the file has events of. */
  readonly to: number;
  /** Whether the file is as large as files become. */
  readonly isFull: boolean;
}

/** Where the next file with these events ends; undefined without any. */
export function cut(events: readonly StoredEvent[]): Cut | undefined {
  const ordered = events.toSorted((a, b) => a.seq - b.seq);
  let [count, bytes, to] = [0, 0, 0];
  for (const { seq, share } of ordered) {
    if (seq !== to && (count >= EVENTS_MAX || bytes >= BYTES_MAX)) return { to, isFull: true };
    count += 1;
    bytes += share;
    to = seq;
  }
  return count === 0 ? undefined : { to, isFull: false };
}

/** The bytes of the file: the same for the same events. */
export async function logFile(events: readonly StoredEvent[]): Promise<Buffer> {
  const pieces = new Map<string, readonly string[]>();
  const recordOf = ({ records, place }: StoredEvent): string => {
    let lines = pieces.get(records);
    if (lines === undefined) pieces.set(records, (lines = unpackRecords(records)));
    return lines[place]!;
  };
  return promisify(gzip)(`{"Records":[${events.map(recordOf).join(',')}]}`);
}

/** Where the files of a trail are, with a slash behind it: what the policy of a bucket must let in. */
export function folderOf({ accountId, arn, s3KeyPrefix }: Pick<Trail, 'accountId' | 'arn' | 's3KeyPrefix'>): string {
  const prefix = s3KeyPrefix ? `${s3KeyPrefix}/` : '';
  return `${prefix}AWSLogs/${accountId}/CloudTrail/${regionOf(arn)}/`;
}

/** The key of the file that is to be delivered next. */
export function keyOf(
  trail: Trail,
  { after }: Delivery,
  { to, at }: { readonly to: number; readonly at: number },
): string {
  const { accountId, arn } = trail;
  const iso = new Date(at).toISOString();
  const minute = `${iso.slice(0, 16).replace(/[-:]/g, '')}Z`;
  const name = `${accountId}_CloudTrail_${regionOf(arn)}_${minute}_${unique(`${arn} ${after} ${to}`)}.json.gz`;
  return `${folderOf(trail)}${iso.slice(0, 10).replaceAll('-', '/')}/${name}`;
}

const regionOf = (arn: string): string => arn.split(':')[3]!;

/** 16 letters and digits. */
const unique = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 16);
