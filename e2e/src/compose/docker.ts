/** The `docker` command, as tests of a region in containers use it: on containers and networks of one Compose project. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs `docker`; resolves to what it prints. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trimEnd();
}

const lines = (text: string): string[] => text.split('\n').filter(line => line !== '');

/** The Compose projects of regions that tests have started. */
export async function testProjects(): Promise<readonly string[]> {
  const all = lines(await docker('ps', '--all', '--format', '{{.Label "com.docker.compose.project"}}'));
  return [...new Set(all)].filter(name => name.startsWith('stormglass-test-'));
}

/** Ids of running containers of a project with these labels: `part=nats`, `zone=use1-az1`. */
export async function containersWith(project: string, ...marks: readonly string[]): Promise<readonly string[]> {
  const filters = [`com.docker.compose.project=${project}`, ...marks.map(mark => `stormglass.${mark}`)];
  return lines(await docker('ps', '--quiet', ...filters.flatMap(filter => ['--filter', `label=${filter}`])));
}

/** What a region leaves behind: containers, networks and volumes that carry the project's label. */
export async function leftOf(project: string): Promise<readonly string[]> {
  const label = ['--filter', `label=com.docker.compose.project=${project}`];
  const found = await Promise.all([
    docker('ps', '--all', '--quiet', ...label),
    docker('network', 'ls', '--quiet', ...label),
    docker('volume', 'ls', '--quiet', ...label),
  ]);
  return found.flatMap(lines);
}

/** What containers use of memory, without the page cache, in bytes. */
export async function memoryBytes(containers: readonly string[]): Promise<number> {
  const used = lines(await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', ...containers));
  return used.reduce((sum, text) => sum + bytesOf(text.split(' ')[0]!), 0);
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function bytesOf(text: string): number {
  const [, amount, unit = ''] = /^([\d.]+)([A-Za-z]+)$/.exec(text) ?? [];
  if (amount === undefined || UNITS[unit] === undefined) throw new Error(`not an amount of memory: ${text}`);
  return Number(amount) * UNITS[unit];
}
