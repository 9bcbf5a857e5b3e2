/** Asks a zone for what its host tells on its internal port; a zone that does not answer has nothing to say. */
import { request } from 'node:http';
import { type ContributorReport, INTERNAL, type ObjectsReport, type ReplicaReport } from '@stormglass/contracts';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';

const TIMEOUT_MS = 1000;
/** A zone looks through all of its blobs first. */
const OBJECTS_TIMEOUT_MS = 10_000;

/** How its replicas stand. */
export const askReplicas = async (
  identity: TlsIdentity,
  zone: string,
  port: number,
): Promise<readonly ReplicaReport[]> =>
  (await ask<readonly ReplicaReport[]>(identity, zone, port, INTERNAL.replicas)) ?? [];

/** Who calls it most. */
export const askContributors = (
  identity: TlsIdentity,
  zone: string,
  port: number,
): Promise<ContributorReport | undefined> => ask(identity, zone, port, INTERNAL.contributors);

/** How the bytes of its objects stand. */
export const askObjects = (identity: TlsIdentity, zone: string, port: number): Promise<ObjectsReport | undefined> =>
  ask(identity, zone, port, INTERNAL.objects, OBJECTS_TIMEOUT_MS);

/** Has it read its blobs again; whether it has begun. */
export const scrubObjects = async (identity: TlsIdentity, zone: string, port: number): Promise<boolean> =>
  (await ask<null>(identity, zone, port, INTERNAL.scrubObjects, TIMEOUT_MS, 'PUT')) === null;

async function ask<T>(
  identity: TlsIdentity,
  zone: string,
  port: number,
  path: string,
  timeout = TIMEOUT_MS,
  method = 'GET',
): Promise<T | undefined> {
  const expects = (peer: { role: string; zone: string }) => peer.role === 'host' && peer.zone === zone;
  const socket = await connectMutually(identity, { host: '127.0.0.1', port, expects }).catch(() => undefined);
  if (socket === undefined) return undefined;
  return new Promise(resolve => {
    const options = { createConnection: () => socket, method, path, timeout };
    const call = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        socket.destroy();
        resolve(response.statusCode === 200 ? (JSON.parse(Buffer.concat(chunks).toString()) as T) : undefined);
      });
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => {
      socket.destroy();
      resolve(undefined);
    });
    call.end(method === 'GET' ? undefined : 'null');
  });
}
