/**
 * What can be wrong in a zone's host, or for the whole region, beside links and processes: clocks, certificates, the
 * disk, the processor, the resolver, and the answers to calls.
 */
import { BLOB_DAMAGES } from './blob-damage.ts';
import { parseCallRule } from './call-faults.ts';
import { parseControlPlaneOutage } from './control-plane-outage.ts';
import { DNS_FAULTS, type DnsFault, parseDnsSettings } from './dns-faults.ts';
import { FaultSettingsError, numberSetting } from './link-fault.ts';

/** What a request for a fault says beside its settings. */
export interface AroundSettings {
  readonly zone?: string;
  readonly durationMs?: number;
  readonly seed?: number;
}

export type HostFaultSettings = Readonly<Record<string, unknown>>;

export interface HostFaultKind {
  readonly name: string;
  /** One line for the documentation. */
  readonly summary: string;
  /** Whether it is done to one zone's host, to the region, or to either. */
  readonly place: 'zone' | 'region' | 'either';
  /** Whether several can be in force in one place. */
  readonly isRepeatable: boolean;
  /**
   * Checks what a caller gave.
   * @throws FaultSettingsError
   */
  parse(settings: HostFaultSettings, around: AroundSettings): HostFaultSettings;
}

const WEEK_MS = 7 * 24 * 3_600_000;
const once = { isRepeatable: false } as const;
const inZone = { place: 'zone', ...once } as const;

const KINDS: readonly HostFaultKind[] = [
  {
    name: 'ca-outage',
    summary: 'nobody reaches the certificate authority; certificates last as long as they last',
    ...{ place: 'region', ...once, parse: () => ({}) },
  },
  {
    name: 'certificate-expired',
    summary: 'the certificates of the zone have ended, and so have those it gets instead',
    ...{ ...inZone, parse: () => ({}) },
  },
  {
    name: 'certificate-revoked',
    summary: 'the certificates of the zone are revoked, and it gets no others',
    ...{ ...inZone, parse: () => ({}) },
  },
  {
    name: 'clock-skew',
    summary: 'skewMs: the wall clock of the zone is ahead by so much, or behind when negative',
    ...inZone,
    parse: settings => ({ skewMs: numberSetting(settings, 'skewMs', { min: -WEEK_MS, max: WEEK_MS }) }),
  },
  {
    name: 'disk-full',
    summary: 'every write to the disk of the zone fails with ENOSPC',
    ...{ ...inZone, parse: () => ({}) },
  },
  {
    name: 'cpu-limit',
    summary: 'share (0.01 to 1): the processes of the zone get so much of one core',
    ...inZone,
    parse: settings => ({ share: numberSetting(settings, 'share', { min: 0.01, max: 1 }) }),
  },
  ...Object.entries(BLOB_DAMAGES).map(
    ([name, summary]): HostFaultKind => ({
      ...{ name, summary, place: 'zone', isRepeatable: true },
      parse: (settings, { seed }) => ({
        share: numberSetting(settings, 'share', { min: 0.0001, max: 1 }),
        seed: numberSetting({ seed, ...settings }, 'seed', { min: 0, max: 2 ** 31, fallback: 1 }),
      }),
    }),
  ),
  ...Object.entries(DNS_FAULTS).map(
    ([name, summary]): HostFaultKind => ({
      ...{ name, summary, place: 'zone', isRepeatable: true },
      parse: (settings, { seed }) => ({ ...parseDnsSettings(name as DnsFault, { seed, ...settings }) }),
    }),
  ),
  {
    name: 'call',
    summary:
      'service, operation, access, region, callerRole, probability, error.statusCode, error.code, latencyMs, jitterMs',
    ...{ place: 'either', isRepeatable: true },
    parse: (settings, around) => ({ ...parseCallRule({ ...nested(settings), ...around }) }),
  },
  {
    name: 'control-plane-outage',
    summary: 'service (iam): what would change something is refused with 503; everything else goes on',
    ...{ place: 'region', ...once, parse: parseControlPlaneOutage },
  },
  {
    name: 'call-latency',
    summary: 'latencyMs: every call takes so much longer',
    ...{ place: 'region', ...once },
    parse: settings => ({ latencyMs: numberSetting(settings, 'latencyMs', { min: 0, max: 60_000 }) }),
  },
];

/** Every kind by name. */
export const HOST_FAULTS: ReadonlyMap<string, HostFaultKind> = new Map(KINDS.map(kind => [kind.name, kind]));

/**
 * Checks the settings of a fault. One that nobody reads is most likely misspelled, and an experiment without it would
 * prove nothing.
 * @throws FaultSettingsError
 */
export function parseHostFault(
  kind: HostFaultKind,
  settings: HostFaultSettings,
  around: AroundSettings,
): HostFaultSettings {
  const parsed = kind.parse(settings, around);
  const unknown = Object.keys(settings).filter(name => !(name.split('.')[0]! in parsed));
  if (unknown.length === 0) return parsed;
  const known = Object.keys(parsed).join(', ') || 'none';
  throw new FaultSettingsError(`${kind.name} has no setting ${unknown.join(', ')}; known are ${known}`);
}

/** Settings of a command line are texts side by side: `error.code` belongs into `error`, and numbers are numbers. */
function nested(settings: HostFaultSettings): HostFaultSettings {
  const rule: Record<string, unknown> = {};
  const error: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const [first, second] = name.split('.', 2);
    const isNumber =
      typeof value === 'string' && CALL_NUMBERS.has(name) && value !== '' && !Number.isNaN(Number(value));
    const meant = isNumber ? Number(value) : value;
    if (first === 'error' && second !== undefined) error[second] = meant;
    else rule[name] = meant;
  }
  return Object.keys(error).length === 0 ? rule : { ...rule, error };
}

const CALL_NUMBERS = new Set(['probability', 'latencyMs', 'jitterMs', 'durationMs', 'seed', 'error.statusCode']);
