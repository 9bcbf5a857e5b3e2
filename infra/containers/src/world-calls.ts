/** What hosts in containers ask the world beside certificates: LocalStack's chaos API, whose rules hold in every zone. */
import { type Agent, createServer } from 'node:http';
import type { Clock, Logger } from '@stormglass/base';
import type { ChaosAnswer, ChaosRequest } from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { connectMutually, MutualTlsServer, type TlsIdentity } from '@stormglass/pki';
import { type AskChaos, agentOver, internalCall } from '@stormglass/region/host';
import { readBody } from '@stormglass/service-kit';
import { EVERY_ADDRESS, PORTS, WORLD } from './parts.ts';

const CHAOS = '/chaos';
const BODY_LIMITS = { maxBytes: 128 * 1024, timeoutMs: 5000 };
const TIMEOUT_MS = 5000;
const ANSWER_BYTES_MAX = 1024 * 1024;
/** The world stands in every zone; links between zones are not in the way to it. */
const NO_FAULTS = new LinkRules();

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
export function askWorld(
  identity: TlsIdentity,
  { region, zone, clock }: { readonly region: string; readonly zone: string; readonly clock: Clock },
): { readonly chaos: AskChaos; readonly agent: Agent } {
  const agent = agentOver(() =>
    connectMutually(identity, {
      ...{ host: WORLD, port: PORTS.worldCalls },
      expects: peer => peer.role === 'world' && peer.region === region,
    }),
  );
  const chaos: AskChaos = async body => {
    const { text } = await internalCall({
      ...{ from: zone, to: WORLD, links: NO_FAULTS, clock, agent, method: 'POST', path: CHAOS, body },
      ...{ timeoutMs: TIMEOUT_MS, bytesMax: ANSWER_BYTES_MAX },
    });
    return JSON.parse(text) as ChaosAnswer;
  };
  return { chaos, agent };
}
