/** What the container of S3 has for the objects of its zone: its disk, the region's key, and its like in other zones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@stormglass/base';
import { BlobPeers, type ObjectStoreParts } from '@stormglass/region/host';
import type { Context, Host } from './host.ts';
import { OBJECT_KEY_FILE } from './identity-documents.ts';

const LOOK_EVERY_MS = 250;

/** Resolves when the world has given the zone its key. */
export async function objectParts({ settings, clock, faults }: Context, host: Host): Promise<ObjectStoreParts> {
  const { region, zone, folder, identityFolder } = settings;
  const { identity, resolve, links, peers } = host;
  const keyFile = join(identityFolder, OBJECT_KEY_FILE);
  while (!existsSync(keyFile)) await sleep(clock, LOOK_EVERY_MS);
  return {
    folder: join(folder, 'objects'),
    beforeWrite: faults.beforeWrite,
    masterKey: readFileSync(keyFile, 'utf8'),
    peers: new BlobPeers({ zone, region: region.name, peers, identity, resolve, links, clock }),
  };
}
