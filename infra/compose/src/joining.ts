/**
 * How a region joins one that is there already: a gateway that stands in the zones of both, and the disk of the other
 * world, from which this one's takes the root of the partition. The other project is started first, and knows nothing of
 * it.
 */
import { gatewayName, hereName, WORLD, ZONE_PARTS } from '@stormglass/containers';
import type { ComposeDocument } from './generate.ts';
import { command, hosts, OWN } from './own-containers.ts';
import { addressOf, GATEWAY, labels, type Plan, variable } from './plan.ts';

/** Where the disk of the other world is seen. */
const JOINED_FOLDER = '/run/stormglass/joined';
const JOINED_DISK = 'joined-world';

/** What the other project calls its own. */
const ofOther = (name: string) => ({
  external: true,
  name: `${variable('STORMGLASS_JOINED_PROJECT', 'stormglass')}_${name}`,
});

/** Settings of every container of a region that joins another. */
export const joiningEnvironment = ({ region }: Plan): Record<string, string> => ({
  STORMGLASS_OTHER_REGIONS: `${region.name}:${region.zones.length}`,
  STORMGLASS_REGION_LATENCY: variable('STORMGLASS_REGION_LATENCY', 0),
  STORMGLASS_REGION_BANDWIDTH: variable('STORMGLASS_REGION_BANDWIDTH', 0),
});

/** The document of a region, with all it needs to join another. */
export function joining(document: ComposeDocument, plan: Plan, other: Plan, environment: object): ComposeDocument {
  const { [WORLD]: world, ...rest } = document.services as Record<string, WorldService>;
  const networks = other.region.zones.map(({ id }) => [id, ofOther(id)] as const);
  return {
    ...document,
    services: {
      [WORLD]: withRoot(world!),
      ...rest,
      [gatewayName(other.region.name)]: gateway(plan, other, environment),
    },
    networks: { ...document.networks, ...Object.fromEntries(networks) },
    volumes: { ...document.volumes, [JOINED_DISK]: ofOther('disk-world') },
  };
}

interface WorldService {
  readonly environment: object;
  readonly volumes: readonly object[];
}

const withRoot = (world: WorldService): object => ({
  ...world,
  environment: { ...world.environment, STORMGLASS_JOINED_FOLDER: JOINED_FOLDER },
  volumes: [
    ...world.volumes,
    { type: 'volume', source: JOINED_DISK, target: JOINED_FOLDER, read_only: true, volume: { nocopy: true } },
  ],
});

/** Listens in the zones of this region only; in those of the other it is a guest. */
function gateway(plan: Plan, other: Plan, environment: object): object {
  const { zones } = plan.region;
  const here = zones.map(zone => [hereName(zone.id), addressOf(plan, GATEWAY, zone)] as const);
  return {
    '<<': OWN,
    command: command(GATEWAY),
    labels: labels(plan, undefined, GATEWAY),
    environment: { '<<': environment, STORMGLASS_TO: other.region.name },
    networks: {
      ...Object.fromEntries(zones.map(zone => [zone.id, { ipv4_address: addressOf(plan, GATEWAY, zone) }])),
      ...Object.fromEntries(other.region.zones.map(({ id }) => [id, {}])),
    },
    // The names of the other region's hosts lead through its links in the networks of its other zones.
    extra_hosts: Object.assign(
      Object.fromEntries(here),
      ...other.region.zones.map(zone => hosts(other, zone, ZONE_PARTS)),
    ),
  };
}
