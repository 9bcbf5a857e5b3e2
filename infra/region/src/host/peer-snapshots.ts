/**
 * Snapshots between zones, for one that fell too far behind: asks the other zones in turn, through the faults of the
 * links to them.
 */
import type { Clock } from '@stormglass/base';
import { INTERNAL } from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import {
  type PeerSnapshots,
  receiveSnapshot,
  type Seq,
  type Snapshot,
  type StoredSnapshot,
} from '@stormglass/replicated-state';
import { agentOver } from './internal-call.ts';
import { INTERNAL_NAMES, locate, type Resolve } from './locate.ts';
import { download } from './objects/stream-call.ts';

/** A peer that sends nothing for so long, not even that it is making its snapshot, is given up. */
const SILENCE_MS = 30_000;

export interface PeerSnapshotsOptions {
  readonly zone: string;
  readonly region: string;
  /** Ids of the other zones. */
  readonly peers: readonly string[];
  readonly log: string;
  readonly identity: TlsIdentity;
  readonly resolve: Resolve;
  readonly links: LinkRules;
  readonly clock: Clock;
}

export function peerSnapshots(options: PeerSnapshotsOptions): PeerSnapshots {
  return async (atLeast, signal) => {
    for (const peer of options.peers) {
      const snapshot = await fetchFrom(options, peer, atLeast, signal).catch(() => undefined);
      if (snapshot !== undefined) return snapshot;
    }
    return undefined;
  };
}

/** One that is stored arrives as it is drawn, until `signal` is aborted. */
async function fetchFrom(
  { zone, region, identity, resolve, links, clock, log }: PeerSnapshotsOptions,
  peer: string,
  atLeast: Seq,
  signal: AbortSignal,
): Promise<Snapshot | StoredSnapshot | undefined> {
  const agent = agentOver(async () => {
    const where = await locate(resolve, INTERNAL_NAMES.zone(region, peer));
    return connectMutually(identity, { ...where, expects: ({ role, zone: id }) => role === 'host' && id === peer });
  });
  const path = INTERNAL.snapshot(log, atLeast);
  const call = { from: zone, to: peer, links, clock, agent, path, silenceMs: SILENCE_MS } as const;
  try {
    const { status, body } = await download(call, signal);
    // Who draws it hears of what goes wrong; one that is not drawn is given up in silence.
    body.on('error', () => {});
    body.once('close', () => agent.destroy());
    if (status === 200) return await receiveSnapshot(body);
    body.destroy();
    return undefined;
  } catch (error) {
    agent.destroy();
    throw error;
  }
}
