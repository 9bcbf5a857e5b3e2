/** A Redis of a zone for one test: a process of its own on a free port, without persistence, in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@stormglass/testing';

export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'stormglass-redis-'));
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, more: readonly string[]) {
    this.port = port;
    const listens = more.includes('--tls-cert-file') ? ['--port', '0', '--tls-port'] : ['--port'];
    this.#arguments = [...listens, String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more];
  }

  static async start(...more: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), more);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = spawn('redis-server', [...this.#arguments, '--dir', this.#folder], { stdio: 'ignore' });
    this.#child = child;
    await once(child, 'spawn');
    await until('Redis to listen', () => answers(this.port));
  }

  /** Ends it without warning; `start` gives one that has forgotten everything. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  freeze = () => this.#child?.kill('SIGSTOP');
  thaw = () => this.#child?.kill('SIGCONT');

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
