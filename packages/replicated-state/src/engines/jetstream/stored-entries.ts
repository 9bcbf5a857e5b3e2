/**
 * Reads stored entries by position, many at once. Direct get is answered by whichever server is near, and needs no
 * leader; the leader is asked for what a lagging server does not have yet.
 */
import type { JetStreamManager } from '@nats-io/jetstream';
import type { LogEntry, Seq } from '../../log.ts';

/** The entry at `seq`; undefined when neither a nearby server nor the leader has it at the moment. */
export async function readEntry(jsm: JetStreamManager, name: string, seq: Seq): Promise<LogEntry | undefined> {
  const message =
    (await jsm.direct.getMessage(name, { seq }).catch(() => null)) ??
    (await jsm.streams.getMessage(name, { seq }).catch(() => null));
  return message ? { seq, time: parseTime(message.timestamp), payload: message.data } : undefined;
}

/**
 * The server's time stamp in ms. All three ways an entry can reach us carry the same text, so that every zone sees the
 * same number.
 */
export function parseTime(stamp: string): number {
  const time = Date.parse(stamp);
  if (Number.isNaN(time)) throw new Error(`unreadable time stamp ${JSON.stringify(stamp)}`);
  return time;
}
