/** What the container of S3 has for the objects of its zone: its disk, the region's key, and its like in other zones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@stormglass/base';
import { BlobPeers, bucketsElsewhere, type ObjectStoreParts, RegionCalls } from '@stormglass/region/host';
import type { Closing, Context, Host } from './host.ts';
import { OBJECT_KEY_FILE } from './identity-documents.ts';

const LOOK_EVERY_MS = 250;

export interface ContainerObjects extends Closing {
  readonly options: ObjectStoreParts;
}

/** Resolves when the world has given the zone its key. */
export async function containerObjects({ settings, clock, faults }: Context, host: Host): Promise<ContainerObjects> {
  const { region, zone, folder, identityFolder, otherRegions } = settings;
  const { identity, resolve, links, peers } = host;
  const keyFile = join(identityFolder, OBJECT_KEY_FILE);
  while (!existsSync(keyFile)) await sleep(clock, LOOK_EVERY_MS);
  const ordinal = region.zones.findIndex(({ id }) => id === zone);
  const calls = new RegionCalls({ zone, ordinal, otherRegions, identity, resolve, links, clock });
  return {
    options: {
      folder: join(folder, 'objects'),
      beforeWrite: faults.beforeWrite,
      damage: faults.blobs,
      masterKey: readFileSync(keyFile, 'utf8'),
      peers: new BlobPeers({ zone, region: region.name, peers, identity, resolve, links, clock }),
      periods: settings.periods,
      bucketRegion: bucketsElsewhere(calls, region.name, otherRegions, clock),
    },
    close: async () => calls.close(),
  };
}
