/**
 * Snapshots between zones, for one that fell too far behind: asks the other zones in turn over their internal sockets,
 * through the faults of the links to them.
 */
import { request } from 'node:http';
import type { Clock } from '@stormglass/base';
import { INTERNAL } from '@stormglass/contracts';
import { type LinkRules, ShapedDirection } from '@stormglass/faults';
import { type PeerSnapshots, readSnapshot, type Seq, type Snapshot } from '@stormglass/replicated-state';

const TIMEOUT_MS = 30_000;
const REQUEST_BYTES = 200;

export interface PeerSnapshotsOptions {
  readonly zone: string;
  /** Internal sockets of the other zones. */
  readonly peers: Readonly<Record<string, string>>;
  readonly log: string;
  readonly links: LinkRules;
  readonly clock: Clock;
}

export function peerSnapshots(options: PeerSnapshotsOptions): PeerSnapshots {
  return async (atLeast, signal) => {
    for (const [peer, socketPath] of Object.entries(options.peers)) {
      const text = await fetchText(options, peer, socketPath, atLeast, signal).catch(() => undefined);
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

function fetchText(
  { zone, links, clock, log }: PeerSnapshotsOptions,
  peer: string,
  socketPath: string,
  atLeast: Seq,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      call?.destroy();
      there.close();
      back.close();
      cancel();
      reject(error);
    };
    const cancel = clock.after(TIMEOUT_MS, () => fail(new Error(`${peer} did not answer in time`)));
    const connection = links.nextConnection();
    const way = (from: string, to: string) =>
      new ShapedDirection({
        rules: links,
        clock,
        from,
        to,
        connection,
        onReset: () => fail(new Error('connection reset')),
      });
    const there = way(zone, peer);
    const back = way(peer, zone);
    signal.addEventListener('abort', () => fail(new Error('aborted')), { once: true });
    let call: ReturnType<typeof request> | undefined;
    there.send(REQUEST_BYTES, () => {
      call = request({ socketPath, path: INTERNAL.snapshot(log, atLeast) }, response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => back.send(chunk.length, () => chunks.push(chunk)));
        response.on('end', () =>
          back.send(0, () => {
            cancel();
            resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined);
          }),
        );
        response.on('error', fail);
      });
      call.on('error', fail);
      call.end();
    });
  });
}
