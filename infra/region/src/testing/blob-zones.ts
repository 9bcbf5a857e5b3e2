/** Zones that store each other's blobs, for tests: real files, real connections with certificates, links that can break. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, silentLogger, systemClock } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import type { MutualTlsServer } from '@stormglass/pki';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { serveInternalApi } from '../host/internal-api.ts';
import { BlobPeers } from '../host/objects/blob-peers.ts';
import { blobRoutes } from '../host/objects/blob-routes.ts';
import { InFlight } from '../host/objects/in-flight.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'] as const;
const REGION = 'us-east-1';

export interface BlobZone {
  readonly id: string;
  readonly folder: string;
  readonly files: BlobFiles;
  readonly peers: BlobPeers;
  readonly inFlight: InFlight;
  /** Blobs that its objects refer to. */
  readonly named: Set<string>;
  /** Blobs that were found rotten when another zone asked. */
  readonly damaged: string[];
  readonly disk: { isFull: boolean };
}

export interface BlobZones {
  /** In the order of their ids. */
  readonly zones: readonly BlobZone[];
  /** Breaks the link between the first zone and another. */
  addFault(fault: string, to: number, settings?: object): void;
  healLinks(): void;
  /** Nobody listens there any more. */
  stop(index: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenFiles = (options: { folder: string; beforeWrite: () => void }) => Promise<BlobFiles>;

export async function startBlobZones(open: OpenFiles, clock: Clock = systemClock): Promise<BlobZones> {
  const base = mkdtempSync(join(tmpdir(), 'stormglass-blobs-'));
  const authority = await testAuthority();
  const links = new LinkRules();
  const ports = new Map<string, number>();
  const servers: MutualTlsServer[] = [];
  const resolve = async (name: string, type: string) => {
    if (type === 'A') return [{ type, data: '127.0.0.1' }];
    const zone = ZONES.find(id => name.includes(id));
    return [{ type: 'SRV', data: { target: 'host.test', port: ports.get(zone ?? '') } }];
  };
  const zones: BlobZone[] = [];
  for (const id of ZONES) {
    const identity = await testIdentity(authority, { zone: id });
    const disk = { isFull: false };
    const beforeWrite = () => {
      if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    const folder = join(base, id);
    const files = await open({ folder, beforeWrite });
    const inFlight = new InFlight();
    const named = new Set<string>();
    const damaged: string[] = [];
    const server = await serveInternalApi({
      ...{ zone: id, region: REGION, identity, replicas: {}, clock, logger: silentLogger, port: 0, host: '127.0.0.1' },
      blobs: blobRoutes({
        ...{ files, inFlight, isNamed: blob => named.has(blob), onDamaged: blob => damaged.push(blob) },
        logger: silentLogger,
      }),
    });
    servers.push(server);
    ports.set(id, server.port);
    const others = ZONES.filter(other => other !== id);
    const peers = new BlobPeers({ zone: id, region: REGION, peers: others, identity, resolve, links, clock });
    zones.push({ id, folder, files, peers, inFlight, named, damaged, disk });
  }
  let faults = 0;
  return {
    zones,
    addFault(fault, to, settings = {}) {
      const rule = { fault, from: ZONES[0], to: ZONES[to], settings };
      links.add(parseLinkRule(`f${++faults}`, rule, ZONES));
    },
    healLinks: () => links.replace([]),
    stop: index => servers[index]!.close(),
    async close() {
      for (const { peers } of zones) peers.close();
      await Promise.all(servers.map(server => server.close()));
      rmSync(base, { recursive: true, force: true });
    },
  };
}
