/** The servers that are compared: a region, the service alone with its logs in memory, dynalite, moto. */
import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Signer } from '@stormglass/testing';
import { motoServer } from '../region/peers.ts';
import { RegionServer } from '../region/region-server.ts';

export interface KeyValueServer {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
  readonly close: () => Promise<void>;
}

export const SIGNER: Signer = {
  ...{ accessKeyId: 'test', secretAccessKey: 'test', region: 'us-east-1', service: 'dynamodb' },
};

export async function regionItems(): Promise<KeyValueServer> {
  const region = await RegionServer.start();
  return { name: 'region', port: region.port, pids: region.pids, close: () => region[Symbol.asyncDispose]() };
}

const SERVICE = fileURLToPath(new URL('../../../services/dynamodb/src/main.ts', import.meta.url));
const QUIET = '--disable-warning=ExperimentalWarning';

/** One process and no disk: what the service itself can do. `nodeArgs` may ask for a profile. */
export async function aloneItems(nodeArgs: readonly string[] = []): Promise<KeyValueServer> {
  const child = spawn(process.execPath, [QUIET, ...nodeArgs, SERVICE], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0' },
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(String(chunk)));
    child.once('exit', () => reject(new Error('the service ended')));
  });
  const port = Number(/:(\d+)\s*$/m.exec(line)![1]);
  const ended = new Promise(resolve => child.once('exit', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { name: 'alone', port, pids: [child.pid!], close };
}

export async function dynaliteItems(): Promise<KeyValueServer> {
  const child = fork(fileURLToPath(new URL('dynalite-server.ts', import.meta.url)), [], {
    ...{ silent: true, execArgv: [QUIET] },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve((message as { port: number }).port));
    child.once('exit', () => reject(new Error('dynalite ended')));
  });
  return { name: 'dynalite', port, pids: [child.pid!], close: async () => void child.kill('SIGKILL') };
}

/** Undefined where moto is not installed. */
export async function motoItems(): Promise<KeyValueServer | undefined> {
  const moto = await motoServer();
  return moto && { name: 'moto', port: moto.port, pids: moto.pids, close: async () => moto[Symbol.dispose]() };
}
