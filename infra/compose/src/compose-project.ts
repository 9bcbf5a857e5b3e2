/**
 * A region in containers, by the `docker` command: one Compose project with a name of its own. Zones are told apart by the
 * label `stormglass.zone` of their containers.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WorldError, type ZoneOutage } from '@stormglass/contracts';

/** Runs `docker` with these arguments; resolves to what it prints. */
export type RunDocker = (args: readonly string[], timeoutMs: number) => Promise<string>;

export interface ComposeProjectName {
  /** Unlike any other project's on the machine. */
  readonly project: string;
  /** The Compose file; not needed for a project whose containers are there. */
  readonly file?: string;
}

/** What `docker` does to the containers of a zone. */
export const CONTAINER_OUTAGES = {
  'power-off': { begin: 'kill', end: 'start' },
  freeze: { begin: 'pause', end: 'unpause' },
} as const satisfies Partial<Record<ZoneOutage, { begin: string; end: string }>>;
export type ContainerOutage = keyof typeof CONTAINER_OUTAGES;

const COMMAND_TIMEOUT_MS = 60_000;
const DOWN_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_S = 5;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const STORY_CHARACTERS_MAX = 2000;

/** A container of a zone, as Docker sees it. */
export interface ZoneContainer {
  readonly id: string;
  readonly zone: string;
  /** `running`, `paused`, `exited`, ... */
  readonly state: string;
  /** Processors it may use. */
  readonly cpus: number;
}

/** As `docker compose ps` has it. */
interface Publisher {
  readonly URL: string;
  readonly TargetPort: number;
  readonly PublishedPort: number;
  readonly Protocol: string;
}

/** Whoever listens on every address is on this machine's own as well. */
const hereIf = (host: string): string => (/^(?:0\.0\.0\.0|::|\[::\])$/.test(host) ? '127.0.0.1' : host);

const INSPECTED = '{{.Id}} {{index .Config.Labels "stormglass.zone"}} {{.State.Status}} {{.HostConfig.NanoCpus}}';

export class ComposeProject {
  readonly #run: RunDocker;
  readonly #name: ComposeProjectName;

  constructor(run: RunDocker, name: ComposeProjectName) {
    this.#run = run;
    this.#name = name;
  }

  /**
   * Resolves when every container is healthy.
   * @throws WorldError naming those that are not
   */
  async up(timeoutMs: number): Promise<void> {
    const seconds = String(Math.ceil(timeoutMs / 1000));
    const up = ['up', '--detach', '--wait', '--wait-timeout', seconds];
    try {
      await this.#compose(up, timeoutMs + COMMAND_TIMEOUT_MS);
    } catch (cause) {
      const output = await this.#compose(['ps', '--all', '--format', '{{.Name}} {{.Status}}']);
      const unwell = output.split('\n').filter(line => line !== '' && !line.includes('(healthy)'));
      throw new WorldError(`not healthy: ${unwell.join(', ')}`, { cause });
    }
  }

  /** Removes the containers, their networks and their volumes. */
  async down(): Promise<void> {
    // A paused container does not hear that it should stop. Where none is paused, the command complains.
    await this.#compose(['unpause']).catch(() => {});
    await this.#compose(
      ['down', '--volumes', '--remove-orphans', '--timeout', String(STOP_TIMEOUT_S)],
      DOWN_TIMEOUT_MS,
    );
  }

  /**
   * Where a port of a service is published on this machine.
   * @throws WorldError when it is not
   */
  async address(service: string, port: number): Promise<{ readonly host: string; readonly port: number }> {
    const output = await this.#compose(['port', service, String(port)]);
    const [, host = '', published] = /^(.+):(\d+)$/m.exec(output) ?? [];
    if (published === undefined) throw new WorldError(`port ${port} of ${service} is not published`);
    return { host: hereIf(host), port: Number(published) };
  }

  /** Where the ports of a service are published on this machine, by port and protocol: `4566/tcp`. */
  async published(service: string): Promise<ReadonlyMap<string, { readonly host: string; readonly port: number }>> {
    const [line = ''] = (await this.#compose(['ps', '--format', 'json', service])).split('\n');
    const { Publishers: all = [] } = JSON.parse(line === '' ? '{}' : line) as { readonly Publishers?: Publisher[] };
    const open = all.filter(({ PublishedPort: port }) => port !== 0);
    return new Map(
      open.map(({ URL, TargetPort, PublishedPort, Protocol }) => [
        `${TargetPort}/${Protocol}`,
        { host: hereIf(URL), port: PublishedPort },
      ]),
    );
  }

  /** The text of a file in the container of a service. */
  readFile(service: string, path: string): Promise<string> {
    return this.#compose(['exec', '-T', service, 'cat', path]);
  }

  /**
   * Ids of the zone's containers that run.
   * @throws WorldError when there are none
   */
  async containersOf(zone: string): Promise<readonly string[]> {
    const filters = [`label=com.docker.compose.project=${this.#name.project}`, `label=stormglass.zone=${zone}`];
    const output = await this.#run(
      ['ps', '--quiet', ...filters.flatMap(filter => ['--filter', filter])],
      COMMAND_TIMEOUT_MS,
    );
    const ids = output.split('\n').filter(id => id !== '');
    if (ids.length === 0) throw new WorldError(`no container of zone ${zone} runs`);
    return ids;
  }

  /** Every container that is in a zone, in whatever state. */
  async zoneContainers(): Promise<readonly ZoneContainer[]> {
    const filters = [`label=com.docker.compose.project=${this.#name.project}`, 'label=stormglass.zone'];
    const list = ['ps', '--all', '--quiet', ...filters.flatMap(filter => ['--filter', filter])];
    const ids = (await this.#run(list, COMMAND_TIMEOUT_MS)).split('\n').filter(id => id !== '');
    if (ids.length === 0) return [];
    const output = await this.#run(['inspect', '--format', INSPECTED, ...ids], COMMAND_TIMEOUT_MS);
    return output
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const [id = '', zone = '', state = '', nanoCpus = ''] = line.split(' ');
        return { id, zone, state, cpus: Number(nanoCpus) / 1e9 };
      });
  }

  /** Gives each of the containers so many processors at most. */
  async limitCpu(containers: readonly string[], cpus: number): Promise<void> {
    await this.#run(['update', '--cpus', String(cpus), ...containers], COMMAND_TIMEOUT_MS);
  }

  async beginOutage(outage: ContainerOutage, containers: readonly string[]): Promise<void> {
    await this.#run([CONTAINER_OUTAGES[outage].begin, ...containers], COMMAND_TIMEOUT_MS);
  }

  async endOutage(outage: ContainerOutage, containers: readonly string[]): Promise<void> {
    await this.#run([CONTAINER_OUTAGES[outage].end, ...containers], COMMAND_TIMEOUT_MS);
  }

  #compose(args: readonly string[], timeoutMs = COMMAND_TIMEOUT_MS): Promise<string> {
    const { project, file } = this.#name;
    const files = file === undefined ? [] : ['--file', file];
    return this.#run(['compose', '--progress', 'quiet', '--project-name', project, ...files, ...args], timeoutMs);
  }
}

/** The `docker` command of this machine, with variables for the Compose file; rejects with `WorldError`. */
export const dockerWith =
  (environment: Readonly<Record<string, string>>): RunDocker =>
  async (args, timeoutMs) => {
    try {
      const env = { ...process.env, ...environment };
      const options = { env, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX };
      return (await promisify(execFile)('docker', [...args], options)).stdout;
    } catch (cause) {
      const { stderr = '', message } = cause as { stderr?: string; message: string };
      const story = stderr.trim().slice(-STORY_CHARACTERS_MAX) || message;
      // The cause would only repeat what Docker wrote.
      throw new WorldError(`docker ${args.join(' ')}: ${story}`);
    }
  };
