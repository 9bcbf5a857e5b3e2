/** The servers that are compared: a region, moto, s3rver, and bare Node with the disk it writes to. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Signer } from '@stormglass/testing';
import { motoServer, type Peer } from '../region/peers.ts';
import { RegionServer } from '../region/region-server.ts';

export interface ObjectServer {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
  readonly signer: Signer;
  readonly close: () => Promise<void>;
}

const signer = (accessKeyId: string, secretAccessKey: string): Signer => ({
  ...{ accessKeyId, secretAccessKey, region: 'us-east-1', service: 's3' },
});

const TEST = signer('test', 'test');

export async function regionServer(): Promise<ObjectServer> {
  const region = await RegionServer.start();
  const close = () => region[Symbol.asyncDispose]();
  return { name: 'region', port: region.port, pids: region.pids, signer: TEST, close };
}

/** Undefined where moto is not installed. */
export async function motoObjects(): Promise<ObjectServer | undefined> {
  const moto = await motoServer();
  return moto && { name: 'moto', ...peer(moto), signer: TEST };
}

/** It knows one pair of keys. */
export const s3rverObjects = async (): Promise<ObjectServer> => ({
  ...{ name: 's3rver', signer: signer('S3RVER', 'S3RVER') },
  ...(await inFolder('s3rver-server.ts')),
});

/** Streams to a file, flushes it, renames it; streams it back. What no server that keeps objects in files can beat. */
export const bareObjects = async (): Promise<ObjectServer> => ({
  ...{ name: 'bare Node', signer: TEST },
  ...(await inFolder('bare-objects.ts')),
});

const peer = ({ port, pids, [Symbol.dispose]: end }: Peer) => ({ port, pids, close: async () => end() });

/** Runs a server that keeps its objects in a folder of its own and tells its port. */
async function inFolder(file: string): Promise<Omit<ObjectServer, 'name' | 'signer'>> {
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-bench-'));
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [folder], { silent: true, execArgv: ['--disable-warning=ExperimentalWarning'] });
  child.stdout?.resume();
  child.stderr?.resume();
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve((message as { port: number }).port));
    child.once('exit', () => reject(new Error(`${file} ended`)));
  });
  const close = async () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, pids: [child.pid!], close };
}
