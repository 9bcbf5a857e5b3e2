/** What the command line and the environment say, in one place: every option has a flag, a variable and a default. */
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type DnsSettings,
  GLOBAL_STS_MODES,
  type GlobalStsMode,
  type Periods,
  type ZoneHostConfig,
} from '@stormglass/contracts';
import type { ExternalLog, RegionLinks } from '@stormglass/region';

/** The command cannot do what it was asked; the message is for the person who asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  folder: { type: 'string' },
  docker: { type: 'boolean' },
  project: { type: 'string' },
  region: { type: 'string' },
  regions: { type: 'string' },
  'region-latency': { type: 'string' },
  'region-bandwidth': { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'acme-http-port': { type: 'string' },
  'global-sts': { type: 'string' },
  throttle: { type: 'string' },
  's3-day': { type: 'string' },
  's3-grace': { type: 'string' },
  'trail-delivery': { type: 'string' },
  'dns-port': { type: 'string' },
  'dns-ttl': { type: 'string' },
  'dns-upstream': { type: 'string' },
  'dns-query-log': { type: 'boolean' },
  nats: { type: 'string' },
  etcd: { type: 'string' },
  'log-level': { type: 'string' },
  'certificate-life': { type: 'string' },
  tls: { type: 'boolean' },
  ephemeral: { type: 'boolean' },
  foreground: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  timeout: { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  lines: { type: 'string', short: 'n' },
  mode: { type: 'string' },
  zone: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'one-way': { type: 'boolean' },
  toxicity: { type: 'string' },
  seed: { type: 'string' },
  duration: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

export interface CommandLine {
  readonly command: string;
  readonly words: readonly string[];
  readonly values: Values;
  /** One JSON value on standard output, progress on standard error. */
  readonly json: boolean;
  readonly folder: string;
  /** Compose project of a region in containers; undefined for one on this machine. */
  readonly project: string | undefined;
}

/** As `compose/region.yaml` names itself. */
const DEFAULT_PROJECT = 'stormglass';
/** Commands for a region in containers as well. */
const FOR_CONTAINERS = new Set(
  'ca disable-zones doctor enable-zones env fault global-sts help scrub status top wait zones'.split(' '),
);
const TAKES_WORDS = new Set([
  'logs',
  'disable-zones',
  'enable-zones',
  'fault',
  'ca',
  'global-sts',
  'scrub',
  'top',
  'help',
]);
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** @throws UsageError naming what is wrong */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [command = 'help', ...words] = positionals;
    if (words.length > 0 && !TAKES_WORDS.has(command)) {
      throw new UsageError(`${command} does not know what to do with ${words.join(' ')}`);
    }
    const folder = values.folder ?? env.STORMGLASS_FOLDER ?? join(process.cwd(), '.stormglass');
    const named = values.project ?? env.STORMGLASS_PROJECT;
    const project = named ?? (values.docker ? DEFAULT_PROJECT : undefined);
    if (project !== undefined && !FOR_CONTAINERS.has(command)) {
      throw new UsageError(`${command} is for regions on this machine; containers are started by docker compose`);
    }
    return { command: values.help ? 'help' : command, words, values, json: values.json === true, folder, project };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    // parseArgs explains itself in several lines.
    throw new UsageError((cause instanceof Error ? cause.message : String(cause)).replaceAll('\n', ' '), { cause });
  }
}

/** @throws UsageError when it is not a number from `min` to `max` */
export function numberOption(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a number from ${min} to ${max}`);
}

/** A length of time: `500ms`, `30s`, `5m`, `1h`, or plain milliseconds. */
export function durationOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new UsageError(`--${name} must look like 500ms, 30s, 5m or 1h`);
  return Number(match[1]) * UNIT_MS[(match[2] ?? 'ms') as keyof typeof UNIT_MS];
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export const portOption = ({ values }: CommandLine, env: NodeJS.ProcessEnv): number =>
  numberOption('port', values.port ?? env.STORMGLASS_PORT, 4566, 0, 65_535);

/** Behind a front door on a port of the system's choice, the resolvers are as well. */
export const dnsPortOption = ({ values }: CommandLine, env: NodeJS.ProcessEnv, port: number): number =>
  numberOption('dns-port', values['dns-port'] ?? env.STORMGLASS_DNS_PORT, port === 0 ? 0 : 5300, 0, 65_535);

/**
 * The regions to start; the first is the one that is meant where none is named.
 * @throws UsageError
 */
export function regionsOption({ values }: CommandLine, env: NodeJS.ProcessEnv): readonly [string, ...string[]] {
  if (values.region !== undefined && values.regions !== undefined)
    throw new UsageError('--region and --regions exclude each other');
  const text = values.region ?? values.regions ?? env.STORMGLASS_REGIONS ?? env.STORMGLASS_REGION ?? 'us-east-1';
  const [first, ...others] = text.split(',').map(name => name.trim());
  if (first && others.every(name => name !== '')) return [first, ...others];
  throw new UsageError(`--regions must look like us-east-1,ap-southeast-2; it is ${text}`);
}

/** What lies between regions: `120` is 120 ms there and back. */
export function regionLinksOption({ values }: CommandLine, env: NodeJS.ProcessEnv): RegionLinks {
  const latency = values['region-latency'] ?? env.STORMGLASS_REGION_LATENCY;
  const bandwidth = values['region-bandwidth'] ?? env.STORMGLASS_REGION_BANDWIDTH;
  return {
    latencyMs: numberOption('region-latency', latency, 60, 0, 60_000),
    bytesPerSecond: bandwidth ? numberOption('region-bandwidth', bandwidth, 0, 1, 1e12) : undefined,
  };
}

/** Where http-01 challenges are asked for. */
export const acmeHttpPortOption = ({ values }: CommandLine, env: NodeJS.ProcessEnv): number =>
  numberOption('acme-http-port', values['acme-http-port'] ?? env.STORMGLASS_ACME_HTTP_PORT, 80, 1, 65_535);

/**
 * `100` calls a second, or `100:300` with as many as 300 at once; twice the rate at once unless said.
 * @throws UsageError
 */
export function throttleOption({ values }: CommandLine, env: NodeJS.ProcessEnv): ZoneHostConfig['throttle'] {
  const text = values.throttle ?? env.STORMGLASS_THROTTLE;
  if (!text) return undefined;
  const match = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(text);
  if (match === null) throw new UsageError(`--throttle must look like 100 or 100:300; it is ${text}`);
  const ratePerSecond = numberOption('throttle', match[1], 0, 0.001, THROTTLE_MAX);
  const burst = numberOption('throttle', match[2], Math.max(1, Math.ceil(2 * ratePerSecond)), 1, 2 * THROTTLE_MAX);
  return { ratePerSecond, burst };
}

const THROTTLE_MAX = 1_000_000;

const TTL_SECONDS_MAX = 86_400;

/** @throws UsageError when the upstream is not an address */
export function dnsSettings({ values }: CommandLine, env: NodeJS.ProcessEnv): DnsSettings {
  const ttl = values['dns-ttl'] ?? env.STORMGLASS_DNS_TTL;
  const ttlSeconds = Math.floor(numberOption('dns-ttl', ttl, 5, 0, TTL_SECONDS_MAX));
  const upstream = values['dns-upstream'] ?? env.STORMGLASS_DNS_UPSTREAM;
  return upstream ? { ttlSeconds, upstream: dnsServerAddress(upstream) } : { ttlSeconds };
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`. */
function dnsServerAddress(text: string): { address: string; port: number } {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  const [, address = text, port] = match ?? [];
  if (isIP(address) === 0) throw new UsageError(`--dns-upstream must be an address, as 192.0.2.1:53; it is ${text}`);
  return { address, port: numberOption('dns-upstream', port, 53, 1, 65_535) };
}

/** After how long zones do what nobody asks them for; each in seconds. */
export function periodsOption({ values }: CommandLine, env: NodeJS.ProcessEnv): Periods {
  const period = (option: 's3-day' | 's3-grace' | 'trail-delivery', variable: string | undefined) => {
    const text = values[option] ?? variable;
    return text ? 1000 * numberOption(option, text, 0, 1, 86_400) : undefined;
  };
  return {
    lifecycleDayMs: period('s3-day', env.STORMGLASS_S3_DAY),
    objectGraceMs: period('s3-grace', env.STORMGLASS_S3_GRACE),
    trailDeliveryMs: period('trail-delivery', env.STORMGLASS_TRAIL_DELIVERY),
  };
}

const CERTIFICATE_LIFE_MS = 24 * 3_600_000;
const CERTIFICATE_LIFE_MIN_MS = 5000;

/** How long the certificates of hosts live, in ms. */
export function certificateLifeOption({ values }: CommandLine, env: NodeJS.ProcessEnv): number {
  const text = values['certificate-life'] ?? env.STORMGLASS_CERTIFICATE_LIFE;
  const lifeMs = durationOption('certificate-life', text) ?? CERTIFICATE_LIFE_MS;
  if (lifeMs < CERTIFICATE_LIFE_MIN_MS) throw new UsageError('--certificate-life must be at least 5s');
  return lifeMs;
}

/** Who answers the global endpoint of STS at first: each region that may, unless said otherwise. */
export function globalStsOption({ values }: CommandLine, env: NodeJS.ProcessEnv): GlobalStsMode {
  const mode = values['global-sts'] ?? env.STORMGLASS_GLOBAL_STS ?? 'regional';
  const known = GLOBAL_STS_MODES.find(each => each === mode);
  if (known === undefined) throw new UsageError(`--global-sts must be one of ${GLOBAL_STS_MODES.join(', ')}`);
  return known;
}

export function logLevelOption({ values }: CommandLine, env: NodeJS.ProcessEnv): ZoneHostConfig['logLevel'] {
  const level = values['log-level'] ?? env.STORMGLASS_LOG_LEVEL ?? 'info';
  const known = LOG_LEVELS.find(each => each === level);
  if (known === undefined) throw new UsageError(`--log-level must be one of ${LOG_LEVELS.join(', ')}`);
  return known;
}

/**
 * A log cluster outside the region: `--nats` or `--etcd` with `use1-az1=URL,use1-az2=URL,...`, or a plain list of servers.
 * @throws UsageError when both are given
 */
export function externalLogOption({ values }: CommandLine, env: NodeJS.ProcessEnv): ExternalLog | undefined {
  const nats = values.nats ?? env.STORMGLASS_NATS;
  const etcd = values.etcd ?? env.STORMGLASS_ETCD;
  if (nats && etcd) throw new UsageError('--nats and --etcd exclude each other: a region has one log engine');
  if (nats) return { kind: 'jetstream', servers: serversByZone(nats) };
  return etcd ? { kind: 'etcd', servers: serversByZone(etcd) } : undefined;
}

function serversByZone(text: string): Record<string, string[]> {
  const servers: Record<string, string[]> = {};
  for (const part of text.split(',')) {
    const mark = part.indexOf('=');
    const [zone, server] = mark < 0 ? ['*', part] : [part.slice(0, mark), part.slice(mark + 1)];
    servers[zone] = [...(servers[zone] ?? []), server];
  }
  return servers;
}
