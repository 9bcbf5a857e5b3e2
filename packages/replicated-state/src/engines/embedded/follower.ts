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
