/** The servers a region is compared with, each in a process of its own: bare node:http, bare Fastify, moto. */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '@stormglass/engines';
import type { Answer } from './calls.ts';
import { processTree } from './process-usage.ts';

const BARE = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

export interface Peer extends Disposable {
  readonly port: number;
  readonly pids: readonly number[];
}

/** Answers every request with the bytes of `answer`. */
export async function bareServer(kind: 'node' | 'fastify', answer: Answer): Promise<Peer> {
  const settings = JSON.stringify({ kind, headers: answer.rawHeaders, body: answer.body });
  const child = fork(BARE, [], {
    env: { ...process.env, STORMGLASS_BENCH_BARE: settings },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve((message as { port: number }).port));
    child.once('exit', () => reject(new Error(`the bare ${kind} server ended`)));
  });
  return { port, pids: [child.pid!], [Symbol.dispose]: () => child.kill('SIGKILL') };
}

/** Undefined where moto is not installed (`pip install 'moto[server]'`). */
export async function motoServer(): Promise<Peer | undefined> {
  if (spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status !== 0) return undefined;
  const port = await freePort();
  const child = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
  await until('moto', 30_000, async () => (await fetch(`http://127.0.0.1:${port}/moto-api/`)).ok);
  return { port, pids: processTree(child.pid!), [Symbol.dispose]: () => endTree(child) };
}

/** A launcher may stand between us and the server. */
function endTree(child: ChildProcess): void {
  for (const pid of processTree(child.pid!).reverse()) process.kill(pid, 'SIGKILL');
}

export const motoVersion = (): string =>
  spawnSync('python3', ['-c', 'import moto; print(moto.__version__)']).stdout?.toString().trim() || 'unknown';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}
