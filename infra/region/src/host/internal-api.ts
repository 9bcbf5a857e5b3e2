/** What a zone's host tells the other zones, on its internal socket: how its replicas stand, and their state as text. */
import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { INTERNAL, type ReplicaReport } from '@stormglass/contracts';
import { type Replica, type Snapshot, writeSnapshot } from '@stormglass/replicated-state';

type AnyReplica = Pick<Replica<never, unknown, unknown>, 'applied' | 'hash' | 'snapshotSeq' | 'health' | 'snapshot'>;

/** Listens on `socketPath`; the folder around it keeps strangers out. */
export function serveInternalApi(
  zone: string,
  replicas: Readonly<Record<string, AnyReplica>>,
  socketPath: string,
): Promise<Server> {
  const server = createServer((request, response) => {
    const snapshot = snapshotAsked(request.url ?? '', replicas);
    if (snapshot !== undefined) {
      Readable.from(writeSnapshot(snapshot)).pipe(response);
      return;
    }
    response.writeHead(request.url === INTERNAL.replicas ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === INTERNAL.replicas ? report(zone, replicas) : { message: 'not here' }));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve(server));
  });
}

/** The state asked for, if it reaches as far as asked. */
function snapshotAsked(url: string, replicas: Readonly<Record<string, AnyReplica>>): Snapshot | undefined {
  const atLeast = Number(/[?&]at-least=(\d+)$/.exec(url)?.[1] ?? 0);
  const log = Object.keys(replicas).find(name => url === INTERNAL.snapshot(name, atLeast));
  const replica = log === undefined ? undefined : replicas[log];
  return replica === undefined || replica.applied < atLeast ? undefined : replica.snapshot();
}

const report = (zone: string, replicas: Readonly<Record<string, AnyReplica>>): ReplicaReport[] =>
  Object.entries(replicas).map(([log, replica]) => ({
    zone,
    log,
    applied: replica.applied,
    hash: replica.hash,
    snapshotSeq: replica.snapshotSeq,
    state: replica.health().state,
  }));
