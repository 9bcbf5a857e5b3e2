/** What a container is told by its environment. */
import { GLOBAL_STS_MODES, type GlobalStsMode, type Periods } from '@stormglass/contracts';
import { checkedLimit, type Limit } from '@stormglass/hot-state';
import { planRegion, type Region, zoneIdPrefix } from '@stormglass/region';
import { EVERY_ADDRESS, ROLES, type Role } from './parts.ts';

export interface ContainerSettings {
  readonly role: Role;
  readonly region: Region;
  /** Id of the container's zone; of a link, the zone it takes connections from. */
  readonly zone: string;
  /** Of a link: the zone it takes connections to; of a gateway, the region. */
  readonly to: string;
  /** Regions of the same partition that this one has a gateway to. */
  readonly otherRegions: readonly Region[];
  /** From one region to another and back, in ms; 0 for none. */
  readonly regionLatencyMs: number;
  /** Of one connection between regions, each way; as much as there is when undefined. */
  readonly regionBytesPerSecond: number | undefined;
  /** The disk of the world of the region that this one joins: the partition's root is there. Undefined when it joins none. */
  readonly joinedFolder: string | undefined;
  readonly log: 'jetstream' | 'etcd';
  /** The container's disk. */
  readonly folder: string;
  /** Where the world puts what proves who a host is. */
  readonly identityFolder: string;
  readonly healthFile: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** TTL of the region's names, in seconds. */
  readonly dnsTtlSeconds: number;
  readonly dnsUpstream: { readonly address: string; readonly port: number } | undefined;
  /** Where names lead clients outside the region: the address the front door is published on. */
  readonly publicAddress: string;
  /** Of the world: address, or name of it, on which the fault board and the control API listen. */
  readonly controlHost: string;
  /** How often an account may call an operation in a zone; as often as it likes when undefined. */
  readonly throttle: Limit | undefined;
  readonly periods: Periods;
  /** Who answers the global endpoint of STS to those who ask in the region. */
  readonly globalSts: GlobalStsMode;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const ZONES_MAX = 6;
const MINUTE_MS = 60_000;
const DAY_S = 86_400;

/** @throws Error naming the variable that makes no sense */
export function readSettings(role: string | undefined, env: NodeJS.ProcessEnv): ContainerSettings {
  const known = ROLES.find(each => each === role);
  if (known === undefined) throw new Error(`the role must be one of ${ROLES.join(', ')}; it is ${role}`);
  const text = (name: string, fallback: string) => env[`STORMGLASS_${name}`] || fallback;
  const choice = <T extends string>(name: string, all: readonly T[], fallback: T): T => {
    const given = text(name, fallback);
    const found = all.find(each => each === given);
    if (found === undefined) throw new Error(`STORMGLASS_${name} must be one of ${all.join(', ')}; it is ${given}`);
    return found;
  };
  const number = (name: string, fallback: number, max: number) => {
    const given = Number(text(name, String(fallback)));
    if (!(given > 0 && given <= max)) throw new Error(`STORMGLASS_${name} must be above 0 and at most ${max}`);
    return given;
  };
  const period = (name: string) => {
    const given = text(name, '');
    if (given === '') return undefined;
    const seconds = Number(given);
    if (seconds >= 1 && seconds <= DAY_S) return 1000 * seconds;
    throw new Error(`STORMGLASS_${name} must be a number of seconds from 1 to ${DAY_S}`);
  };
  const optional = (name: string, max: number) => (text(name, '0') === '0' ? undefined : number(name, 0, max));
  const name = text('REGION', 'us-east-1');
  zoneIdPrefix(name);
  const region = planRegion(name, number('ZONE_COUNT', 3, ZONES_MAX));
  const ids = region.zones.map(({ id }) => id);
  const otherRegions = regionsIn(text('OTHER_REGIONS', ''), region);
  const others = otherRegions.map(other => other.name);
  return {
    role: known,
    region,
    zone: known === 'world' || known === 'gateway' ? '*' : choice('ZONE', ids, ids[0]!),
    to:
      known === 'link' ? choice('TO', ids, ids[0]!) : known === 'gateway' ? choice('TO', others, others[0] ?? '') : '',
    otherRegions,
    regionLatencyMs: optional('REGION_LATENCY', MINUTE_MS) ?? 0,
    regionBytesPerSecond: optional('REGION_BANDWIDTH', 1e12),
    joinedFolder: text('JOINED_FOLDER', '') || undefined,
    log: choice('LOG', ['jetstream', 'etcd'], 'jetstream'),
    folder: text('FOLDER', '/var/lib/stormglass'),
    identityFolder: text('IDENTITY_FOLDER', '/run/stormglass/identity'),
    healthFile: text('HEALTH_FILE', '/tmp/healthy'),
    logLevel: choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    dnsTtlSeconds: number('DNS_TTL', 5, DAY_S),
    dnsUpstream: upstreamOf(text('DNS_UPSTREAM', '')),
    publicAddress: text('PUBLIC_ADDRESS', '127.0.0.1'),
    controlHost: text('CONTROL_HOST', EVERY_ADDRESS),
    throttle: limitOf(text('THROTTLE', '')),
    periods: {
      lifecycleDayMs: period('S3_DAY'),
      objectGraceMs: period('S3_GRACE'),
      trailDeliveryMs: period('TRAIL_DELIVERY'),
    },
    globalSts: choice('GLOBAL_STS', GLOBAL_STS_MODES, 'regional'),
    certificateLifeMs: number('CERTIFICATE_LIFE_MS', 1000 * DAY_S, 365_000 * DAY_S),
  };
}

/** `NAME:ZONES`, with commas between regions. */
function regionsIn(given: string, own: Region): readonly Region[] {
  const named = given.split(',').filter(each => each !== '');
  return named.map((each, i) => {
    const [, name = '', zones = ''] = /^([a-z0-9-]+):([1-6])$/.exec(each) ?? [];
    if (name === '') throw new Error(`STORMGLASS_OTHER_REGIONS must be of NAME:ZONES, with commas; it is ${given}`);
    const other = planRegion(name, Number(zones), i + 1);
    if (other.partition === own.partition && name !== own.name) return other;
    throw new Error(`STORMGLASS_OTHER_REGIONS: ${name} is no other region of ${own.partition}`);
  });
}

/** `RATE` or `RATE:BURST`, calls a second and calls at once. */
function limitOf(given: string): Limit | undefined {
  if (given === '') return undefined;
  const [rate, burst = rate] = given.split(':').map(Number);
  return checkedLimit({ ratePerSecond: rate!, burst: burst! });
}

function upstreamOf(given: string): ContainerSettings['dnsUpstream'] {
  if (given === '') return undefined;
  const [, address, port = '53'] = /^([\d.]+|\[[\da-f:]+\])(?::(\d+))?$/i.exec(given) ?? [];
  if (address === undefined) throw new Error('STORMGLASS_DNS_UPSTREAM must be an address, with or without a port');
  return { address: address.replace(/[[\]]/g, ''), port: Number(port) };
}
