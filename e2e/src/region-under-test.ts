/** A real region for one test: its own folder, its own ports, started by the command as a user would, gone at the end. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type RegionStatus, WorldClient } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const run = promisify(execFile);

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `stormglass` command; never rejects. */
export async function stormglass(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  try {
    const { stdout, stderr } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      env,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

export class RegionUnderTest {
  readonly folder: string;
  readonly world: WorldClient;
  readonly #options: readonly string[];

  private constructor(folder: string, options: readonly string[]) {
    this.folder = folder;
    this.#options = options;
    this.world = new WorldClient(new StateFolder(folder).controlSocket);
  }

  /** A fresh region on ports of the system's choice. */
  static async start(options: readonly string[] = []): Promise<RegionUnderTest> {
    const region = new RegionUnderTest(await mkdtemp(join(tmpdir(), 'stormglass-e2e-')), options);
    await region.up();
    return region;
  }

  async up(): Promise<RegionStatus> {
    const { code, stderr } = await this.command('up', '--port', '0', ...this.#options);
    if (code !== 0) throw new Error(`up failed: ${stderr}`);
    return this.world.status();
  }

  command(name: string, ...args: string[]): Promise<CommandResult> {
    return stormglass([name, ...args, '--folder', this.folder]);
  }

  async endpoint(): Promise<string> {
    return (await this.world.status()).endpoint;
  }

  async pids(): Promise<Record<string, number>> {
    const { pid, zones } = await this.world.status();
    return { world: pid, ...Object.fromEntries(zones.flatMap(z => (z.pid === undefined ? [] : [[z.id, z.pid]]))) };
  }

  async close(): Promise<void> {
    await this.command('down');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A child process, for tests that need to watch one; killed by its pid when `dispose` is called. */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, dispose: () => child.kill('SIGKILL') };
}
