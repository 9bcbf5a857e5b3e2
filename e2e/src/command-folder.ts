/** What tests of the `stormglass` command share: a folder each, calls to its region, and what a refusal looks like. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { WorldClient } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import { expect } from 'vitest';
import { type CommandResult, stormglass } from './region-under-test.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** A folder for one test, and the command in it; whatever it started is stopped at the end. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'stormglass-command-'));
  readonly world = new WorldClient(new StateFolder(this.path).controlSocket);

  run = (...args: string[]): Promise<CommandResult> => stormglass([...args, '--folder', this.path]);
  up = (...args: string[]): Promise<CommandResult> => this.run('up', '--port', '0', ...args);

  async pids(): Promise<number[]> {
    const { pid, zones } = await this.world.status();
    return [pid, ...zones.flatMap(zone => (zone.pid === undefined ? [] : [zone.pid]))];
  }

  async close(): Promise<void> {
    await this.run('down');
    rmSync(this.path, { recursive: true, force: true });
  }
}

async function iam(world: WorldClient): Promise<IAMClient> {
  const { endpoint } = await world.status();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export const createUser = async (world: WorldClient, UserName: string): Promise<unknown> =>
  (await iam(world)).send(new CreateUserCommand({ UserName }));
export const users = async (world: WorldClient): Promise<unknown[]> =>
  ((await (await iam(world)).send(new ListUsersCommand({}))).Users ?? []).map(user => user.UserName);

export const json = ({ stdout }: CommandResult): unknown => JSON.parse(stdout);
/** One sentence, on standard error, without a stack. */
export const SENTENCE = /^(stormglass|Cannot start): [^\n]{10,400}\n$/;

export function expectRefusal({ code, stdout, stderr }: CommandResult, expected: number, text: string | RegExp): void {
  const last = `${stderr.trimEnd().split('\n').at(-1)}\n`;
  expect([code, stdout, last]).toEqual([expected, '', expect.stringMatching(SENTENCE)]);
  expect(last).toMatch(text);
}

export interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];

/** To be called when the tests of a file are over. */
export function endStarted(): void {
  for (const child of started) child.kill('SIGKILL');
}

export function spawnMain(args: readonly string[]): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)));
  return { child, stdout: () => text, ended };
}
