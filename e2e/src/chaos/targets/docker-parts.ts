/** Kills single parts of a region in Docker, by their labels: the leader of the log, Redis in all zones, the world. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { RegionSettings } from '@stormglass/test-region';
import { docker } from '../../compose/docker.ts';
import type { Part, Target } from '../faults/fault.ts';

/** The log whose leader is killed: what the control plane of IAM stands on. */
const LOG = 'iam';
/** NATS' own monitoring, which listens inside of its container only. */
const STREAMS = 'http://127.0.0.1:8222/jsz?streams=1';

interface Container {
  readonly id: string;
  readonly name: string;
}

/** What `/jsz` says of streams (NATS documentation, Monitoring JetStream). */
interface Jsz {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly name: string; readonly cluster?: { readonly leader?: string } }[];
  }[];
}

/** The server that leads a stream, as one server's monitoring has it; undefined while it knows none. */
export function leaderIn(monitoring: string, stream: string): string | undefined {
  const { account_details: accounts = [] } = JSON.parse(monitoring) as Jsz;
  const streams = accounts.flatMap(({ stream_detail: details = [] }) => details);
  const leader = streams.find(({ name }) => name === stream)?.cluster?.leader;
  return leader === '' ? undefined : leader;
}

export class DockerParts {
  /** Settings for `startRegion()`: containers with a label of their own, on ports that stay when the world dies. */
  readonly settings: RegionSettings;
  readonly #run: string;

  private constructor(run: string, docker: { file?: string; environment: Readonly<Record<string, string>> }) {
    this.#run = run;
    this.settings = { docker };
  }

  /** `file`: a Compose file other than the usual one. */
  static async prepare(file?: string): Promise<DockerParts> {
    const run = `chaos-${randomUUID().slice(0, 8)}`;
    const names = ['STORMGLASS_PORT', 'STORMGLASS_CONTROL_PORT', ...[1, 2, 3].map(n => `STORMGLASS_PORT_${n}`)];
    const ports = await freePorts(names.length);
    const published = Object.fromEntries(names.map((name, i) => [name, String(ports[i])]));
    const environment = { ...published, STORMGLASS_RUN: run };
    return new DockerParts(run, { ...(file === undefined ? {} : { file }), environment });
  }

  kill: Target['kill'] = async part => {
    const victims = await this.#victims(part);
    if (victims.length === 0) throw new Error(`no container is ${part}`);
    const ids = victims.map(({ id }) => id);
    await docker('kill', ...ids);
    return {
      who: victims.map(({ name }) => name).join(', '),
      heal: async () => {
        await docker('start', ...ids);
      },
    };
  };

  #victims(part: Part): Promise<readonly Container[]> {
    switch (part) {
      case 'hot-state':
        return this.#containers('redis');
      case 'world':
        return this.#containers('world');
      case 'log-leader':
        return this.#logLeader();
    }
  }

  async #logLeader(): Promise<readonly Container[]> {
    const servers = await this.#containers('nats');
    for (const { id } of servers) {
      const leader = leaderIn(await docker('exec', id, 'wget', '-q', '-O', '-', STREAMS), LOG);
      const found = servers.filter(({ name }) => name === leader);
      if (found.length > 0) return found;
    }
    throw new Error(`the log ${LOG} has no leader at the moment`);
  }

  async #containers(part: string): Promise<readonly Container[]> {
    const filters = [`label=stormglass.run=${this.#run}`, `label=stormglass.part=${part}`];
    const format = '{{.ID}} {{.Label "com.docker.compose.service"}}';
    const output = await docker('ps', '--format', format, ...filters.flatMap(filter => ['--filter', filter]));
    return output
      .split('\n')
      .filter(line => line !== '')
      .map(line => ({ id: line.split(' ')[0] ?? '', name: line.split(' ')[1] ?? '' }));
  }
}

/** Ports that nobody listens on, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
