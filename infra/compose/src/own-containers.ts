/** The containers that run the region's own image: the parts of a zone, the links between zones, and the world. */
import { hostName, linkName, linkPorts, PORTS, partBehind, WORLD, ZONE_PARTS } from '@stormglass/containers';
import { FILE_THREADS, HEAP_OPTIONS, type Zone } from '@stormglass/region';
import { CONTAINER, closelyWatched, watched } from './hardening.ts';
import { addressOf, EDGE, labels, linkAddresses, logPart, type Plan, published, variable, zoneNumber } from './plan.ts';

const IDENTITY = '/run/stormglass/identity';
const DISK = '/var/lib/stormglass';
const IMAGE = 'stormglass';
/** The world's name in the network outside the zones, and nowhere else. */
export const OUTSIDE = 'world-outside';

const IS_WELL = `test -n "$$(find /tmp/healthy -newermt '15 seconds ago')"`;

/** The image is built for one service, the world; the others must not look for it elsewhere. */
export const OWN = {
  '<<': CONTAINER,
  image: IMAGE,
  pull_policy: 'never',
  mem_limit: '256m',
  healthcheck: watched(IS_WELL),
};

/** Settings of every container of our own, in the environment of whoever starts the region. */
export const environmentOf = ({ region, engine }: Plan): Record<string, string> => ({
  STORMGLASS_REGION: region.name,
  STORMGLASS_ZONE_COUNT: String(region.zones.length),
  STORMGLASS_LOG: engine,
  STORMGLASS_LOG_LEVEL: variable('STORMGLASS_LOG_LEVEL', 'info'),
  STORMGLASS_DNS_TTL: variable('STORMGLASS_DNS_TTL', 5),
  STORMGLASS_THROTTLE: variable('STORMGLASS_THROTTLE'),
  STORMGLASS_S3_DAY: variable('STORMGLASS_S3_DAY'),
  STORMGLASS_S3_GRACE: variable('STORMGLASS_S3_GRACE'),
  STORMGLASS_TRAIL_DELIVERY: variable('STORMGLASS_TRAIL_DELIVERY'),
  STORMGLASS_CERTIFICATE_LIFE_MS: variable('STORMGLASS_CERTIFICATE_LIFE_MS', 86_400_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable('OTEL_EXPORTER_OTLP_ENDPOINT'),
});

/** Node as all containers of the image run it, and as the image was compiled by. */
export const NODE: readonly string[] = ['node', ...HEAP_OPTIONS];

export const command = (role: string): string[] => [...NODE, 'infra/containers/src/main.ts', role];

/** Parts whose state is in files. */
export const WITH_FILES: ReadonlySet<string> = new Set(['dynamodb', 's3']);

/** The world fills the volume, and Docker has given it to its user there; here it is only read. */
export const identityVolume = (zone: Zone) => ({
  type: 'volume',
  source: hostName('identity', zone.id),
  target: IDENTITY,
  read_only: true,
  volume: { nocopy: true },
});

/** A service, the resolver or the entrance of a zone. */
export function zoneContainer(plan: Plan, zone: Zone, part: (typeof ZONE_PARTS)[number], environment: object): object {
  const resolver = addressOf(plan, 'resolver', zone);
  return {
    '<<': OWN,
    command: command(part),
    ...(part === 'entrance' ? { healthcheck: closelyWatched(IS_WELL) } : {}),
    // Bodies pass through S3, a few hundred kilobytes of each at a time; DynamoDB has a cache of pages for each cell.
    ...(WITH_FILES.has(part) ? { mem_limit: '512m' } : {}),
    depends_on: firstOf(plan, zone),
    labels: labels(plan, zone, part),
    environment: { '<<': environment, STORMGLASS_ZONE: zone.id, ...(WITH_FILES.has(part) ? FILE_THREADS : {}) },
    networks: { [zone.id]: { ipv4_address: addressOf(plan, part, zone) } },
    // Docker knows the names of containers and asks the zone's resolver for all others. A dead one costs a second.
    ...(part === 'resolver' ? {} : { dns: [resolver], dns_opt: ['timeout:1', 'attempts:1'] }),
    volumes: [{ type: 'volume', source: diskOf(part, zone), target: DISK }, identityVolume(zone)],
  };
}

/**
 * The log is started first, and with it the world, which gives it its certificate. Services would wait for both by
 * themselves, and do so when a zone comes back; two dozen that try again and again leave a small machine no time to get
 * ready.
 */
const firstOf = ({ engine }: Plan, zone: Zone) => ({
  [hostName(logPart(engine), zone.id)]: { condition: 'service_healthy' },
});

export const diskOf = (part: string, zone: Zone): string => hostName(`disk-${part}`, zone.id);

/**
 * The link from one zone to another: in the network of the one it bears the names of the parts of the other, and is in both
 * because nothing else is.
 */
export function link(plan: Plan, from: Zone, to: Zone, environment: object): object {
  const { takes, makes } = linkAddresses(plan, from, to);
  const { tcp, udp } = linkPorts(plan.engine);
  const parts = [...new Set([...tcp, ...udp].map(partBehind))];
  return {
    '<<': OWN,
    command: command('link'),
    labels: labels(plan, undefined, 'link'),
    environment: { '<<': environment, STORMGLASS_ZONE: from.id, STORMGLASS_TO: to.id },
    networks: {
      [from.id]: { ipv4_address: takes, aliases: parts.map(part => hostName(part, to.id)) },
      [to.id]: { ipv4_address: makes },
    },
    // In its own eyes both networks have these names; those it carries to are meant.
    extra_hosts: hosts(plan, to, parts),
  };
}

/** The front door, the certificate authority, the fault board; in every network, and the only way in. */
export function world(plan: Plan, environment: object): object {
  const { zones } = plan.region;
  const ofZone = (name: string, zone: Zone) => `${name}_${zoneNumber(plan, zone)}`;
  return {
    '<<': OWN,
    build: { context: '..', dockerfile: 'infra/image/Dockerfile' },
    command: command(WORLD),
    healthcheck: closelyWatched(IS_WELL),
    mem_limit: '384m',
    labels: labels(plan, undefined, WORLD),
    // Whoever is in a zone shall not break the region: the fault board listens outside all zones only.
    environment: { '<<': environment, STORMGLASS_CONTROL_HOST: OUTSIDE },
    ports: [
      published(plan, 'STORMGLASS_PORT', PORTS.clients),
      published(plan, 'STORMGLASS_CONTROL_PORT', PORTS.control),
      ...zones.map((zone, i) => published(plan, ofZone('STORMGLASS_PORT', zone), PORTS.clients + 1 + i)),
      ...zones.flatMap((zone, i) =>
        (['udp', 'tcp'] as const).map(protocol =>
          published(plan, ofZone('STORMGLASS_DNS_PORT', zone), PORTS.dnsPublished + i, protocol),
        ),
      ),
    ],
    networks: {
      [EDGE]: { aliases: [OUTSIDE] },
      ...Object.fromEntries(zones.map(zone => [zone.id, { ipv4_address: addressOf(plan, WORLD, zone) }])),
    },
    // The same names lead through links in the networks of other zones; the zones themselves are meant.
    extra_hosts: Object.assign({}, ...zones.map(zone => hosts(plan, zone, ZONE_PARTS))),
    volumes: [
      { type: 'volume', source: 'disk-world', target: DISK },
      ...zones.map(zone => ({
        type: 'volume',
        source: hostName('identity', zone.id),
        target: `${IDENTITY}/${zoneNumber(plan, zone)}`,
      })),
    ],
  };
}

/** Names and addresses of parts of a zone, for whoever may take other hosts for them. */
export const hosts = (plan: Plan, zone: Zone, parts: readonly string[]): Record<string, string> =>
  Object.fromEntries(parts.map(part => [hostName(part, zone.id), addressOf(plan, part, zone)]));

/** Every ordered pair of zones, with the name of its link. */
export const linksOf = ({ region: { zones } }: Plan) =>
  zones.flatMap(from => zones.filter(to => to !== from).map(to => ({ from, to, name: linkName(from.id, to.id) })));
