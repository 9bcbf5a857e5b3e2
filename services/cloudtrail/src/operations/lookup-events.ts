/** Finds events of the caller's account, the newest first. */
import { decodePageToken, encodePageToken } from '@stormglass/aws-wire';
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { cloudTrailError } from '../errors.ts';
import { matches } from '../lookup-attributes.ts';
import { LIMITS, type Position, type StoredEvent } from '../state/event-table.ts';
import { unpackRecords } from '../state/packed-events.ts';

const PAGE_MAX = 50;

export const lookupEvents = operation<CloudTrailClient, 'LookupEvents', CloudTrailDeps>({
  name: 'LookupEvents',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: [
    `The newest ${LIMITS.eventsMax.toLocaleString('en')} events of all accounts together are kept, in at most ${LIMITS.bytesMax >> 20} MiB.`,
    'An event is found some tenths of a second after its call; AWS takes minutes.',
    'There are no insight events.',
  ],
  handle(input, call, { replica }) {
    const { LookupAttributes = [], StartTime, EndTime, EventCategory, NextToken, MaxResults = PAGE_MAX } = input;
    if (LookupAttributes.length > 1) {
      throw cloudTrailError('InvalidLookupAttributesException', 'You can use only one lookup attribute.');
    }
    const from = Math.max(StartTime?.getTime() ?? 0, call.now - LIMITS.ageMaxMs);
    // A time is a second: what happened within it belongs to the range that ends with it.
    const to = EndTime === undefined ? Number.POSITIVE_INFINITY : EndTime.getTime() + 999;
    if (StartTime !== undefined && EndTime !== undefined && StartTime.getTime() > EndTime.getTime()) {
      throw cloudTrailError('InvalidTimeRangeException', 'Invalid time range. Start time occurs after end time.');
    }
    if (EventCategory === 'insight') return { Events: [] };
    // A token goes on with one question: it is worth nothing to another.
    const purpose = `cloudtrail:LookupEvents:${JSON.stringify([call.accountId, LookupAttributes, StartTime, EndTime])}`;
    const found: StoredEvent[] = [];
    for (const event of replica.view.events(call.accountId, positionIn(NextToken, purpose))) {
      const { time } = event;
      if (time < from) break;
      if (time > to || !LookupAttributes.every(attribute => matches(event, attribute))) continue;
      if (found.length === MaxResults) {
        const { time: last, id } = found.at(-1)!;
        return { Events: shown(found), NextToken: encodePageToken(purpose, [last, id]) };
      }
      found.push(event);
    }
    return { Events: shown(found) };
  },
});

const positionIn = (token: string | undefined, purpose: string): Position | undefined =>
  token === undefined
    ? undefined
    : (decodePageToken(purpose, token, () =>
        cloudTrailError(
          'InvalidNextTokenException',
          'Invalid token or token that was previously used in a request with different parameters.',
        ),
      ) as Position);

/** Events as they are answered; what was written down together is unpacked once. */
function shown(events: readonly StoredEvent[]) {
  const unpacked = new Map<string, readonly string[]>();
  return events.map(({ id, time, index, records, place }) => {
    const lines = unpacked.get(records) ?? unpackRecords(records);
    unpacked.set(records, lines);
    return {
      EventId: id,
      EventName: index.name,
      ReadOnly: String(index.readOnly),
      ...(index.accessKeyId === '' ? {} : { AccessKeyId: index.accessKeyId }),
      EventTime: new Date(Math.floor(time / 1000) * 1000),
      EventSource: index.source,
      ...(index.user === '' ? {} : { Username: index.user }),
      Resources: index.resources.map(([ResourceType, ResourceName]) => ({ ResourceType, ResourceName })),
      CloudTrailEvent: lines[place]!,
    };
  });
}
