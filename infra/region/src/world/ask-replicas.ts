/** Asks a zone how its replicas stand, on its internal port; a zone that does not answer has nothing to say. */
import { request } from 'node:http';
import { INTERNAL, type ReplicaReport } from '@stormglass/contracts';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';

const TIMEOUT_MS = 1000;

export async function askReplicas(
  identity: TlsIdentity,
  zone: string,
  port: number,
): Promise<readonly ReplicaReport[]> {
  const expects = (peer: { role: string; zone: string }) => peer.role === 'host' && peer.zone === zone;
  const socket = await connectMutually(identity, { host: '127.0.0.1', port, expects }).catch(() => undefined);
  if (socket === undefined) return [];
  return new Promise(resolve => {
    const options = { createConnection: () => socket, path: INTERNAL.replicas, timeout: TIMEOUT_MS };
    const ask = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        socket.destroy();
        resolve(JSON.parse(Buffer.concat(chunks).toString()) as ReplicaReport[]);
      });
    });
    ask.on('timeout', () => ask.destroy());
    ask.on('error', () => {
      socket.destroy();
      resolve([]);
    });
    ask.end();
  });
}
