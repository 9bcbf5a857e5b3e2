/** What the sequencer knows of one zone's copy of a log. */
import type { Seq } from '../../log.ts';
import type { Position, ToZone } from './messages.ts';

export interface Follower {
  readonly zone: string;
  readonly send: (message: ToZone) => void;
  position: Position;
  promised: boolean;
  /** Set while the zone empties its journal; nothing is sent until it says it has. */
  restarting: boolean;
  /** Matched and durable up to here. */
  match: Seq;
  /** Next entry to send. */
  next: Seq;
  inFlight: { last: Seq; bytes: number }[];
  inFlightBytes: number;
  /** When a fetch on this zone's behalf was asked of another zone, while it is under way. */
  fetchingSince: number | undefined;
  heardAt: number;
}

/** A zone that has just connected: nothing is sent to it, and it counts for nothing, before it promises. */
export const newFollower = (
  zone: string,
  position: Position,
  send: (message: ToZone) => void,
  heardAt: number,
): Follower => ({
  ...{ zone, position, send, heardAt, promised: false, restarting: false, fetchingSince: undefined },
  ...{ match: 0, next: 0, inFlight: [], inFlightBytes: 0 },
});

/** The zone heard of last among those that durably hold the entry that `follower` needs next. */
export function sourceFor(follower: Follower, all: Iterable<Follower>): Follower | undefined {
  const seq = follower.next;
  const holds = (f: Follower) => f.promised && !f.restarting && f.position.base.seq < seq && f.match >= seq;
  const sources = [...all].filter(f => f !== follower && holds(f));
  return sources.sort((a, b) => b.heardAt - a.heardAt)[0];
}
