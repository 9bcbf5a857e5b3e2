/** What hosts in containers ask the world beside certificates: LocalStack's chaos API, whose rules hold in every zone. */
import { type Agent, createServer, request } from 'node:http';
import type { Clock, Logger } from '@stormglass/base';
import type { ChaosAnswer, ChaosRequest } from '@stormglass/contracts';
import { connectMutually, MutualTlsServer, type TlsIdentity } from '@stormglass/pki';
import { type AskChaos, agentOver } from '@stormglass/region/host';
import { readBody } from '@stormglass/service-kit';
import { EVERY_ADDRESS, PORTS, WORLD } from './parts.ts';

const CHAOS = '/chaos';
const BODY_LIMITS = { maxBytes: 128 * 1024, timeoutMs: 5000 };
const TIMEOUT_MS = 5000;
const ANSWER_BYTES_MAX = 1024 * 1024;

export interface WorldCallsOptions {
  readonly identity: TlsIdentity;
  readonly region: string;
  readonly chaos: (asked: ChaosRequest) => ChaosAnswer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Listens for hosts of the region. */
export async function serveWorldCalls(options: WorldCallsOptions): Promise<MutualTlsServer> {
  const { identity, region, chaos, clock, logger } = options;
  const http = createServer((incoming, response) => {
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (incoming.url !== CHAOS) return answer(404, { message: 'not here' });
    readBody(incoming, BODY_LIMITS, () => {}).then(
      body => answer(200, chaos(JSON.parse(body.toString()) as ChaosRequest)),
      (error: Error) => answer(400, { message: error.message }),
    );
  });
  const server = new MutualTlsServer({
    ...{ identity, clock, logger },
    admits: peer => peer.role === 'host' && peer.region === region,
    onPeer: socket => http.emit('connection', socket),
  });
  await server.listen(PORTS.worldCalls, EVERY_ADDRESS);
  return server;
}

/** Asks the world, as a host. */
export function askWorld(identity: TlsIdentity, region: string): { readonly chaos: AskChaos; readonly agent: Agent } {
  const agent = agentOver(() =>
    connectMutually(identity, {
      ...{ host: WORLD, port: PORTS.worldCalls },
      expects: peer => peer.role === 'world' && peer.region === region,
    }),
  );
  const chaos: AskChaos = asked =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(asked);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
      const call = request({ agent, method: 'POST', path: CHAOS, headers, timeout: TIMEOUT_MS }, response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_BYTES_MAX) call.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as ChaosAnswer));
      });
      call.on('timeout', () => call.destroy(new Error('the world does not answer')));
      call.on('error', reject);
      call.end(payload);
    });
  return { chaos, agent };
}
