/**
 * Snapshots between zones, for one that fell too far behind: asks the other zones in turn, through the faults of the
 * links to them.
 */
import type { Clock } from '@stormglass/base';
import { INTERNAL } from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { type PeerSnapshots, readSnapshot, type Seq, type Snapshot } from '@stormglass/replicated-state';
import { agentOver, internalCall } from './internal-call.ts';
import { INTERNAL_NAMES, locate, type Resolve } from './locate.ts';

const TIMEOUT_MS = 30_000;

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
      const text = await fetchText(options, peer, atLeast, signal).catch(() => undefined);
      if (text !== undefined) return read(text);
    }
    return undefined;
  };
}

function read(text: string): Snapshot | undefined {
  try {
    return readSnapshot(text);
  } catch {
    return undefined;
  }
}

async function fetchText(
  { zone, region, identity, resolve, links, clock, log }: PeerSnapshotsOptions,
  peer: string,
  atLeast: Seq,
  signal: AbortSignal,
): Promise<string | undefined> {
  const agent = agentOver(async () => {
    const where = await locate(resolve, INTERNAL_NAMES.zone(region, peer));
    return connectMutually(identity, { ...where, expects: ({ role, zone: id }) => role === 'host' && id === peer });
  });
  const path = INTERNAL.snapshot(log, atLeast);
  const call = {
    from: zone,
    to: peer,
    links,
    clock,
    agent,
    method: 'GET',
    path,
    timeoutMs: TIMEOUT_MS,
    signal,
  } as const;
  const answer = await internalCall(call).finally(() => agent.destroy());
  return answer.status === 200 ? answer.text : undefined;
}
