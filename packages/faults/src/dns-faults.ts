/**
 * Faults of a zone's resolver: what becomes of a question, by its name and by chance. Pure: the resolver asks before it
 * answers, and carries the verdict out.
 */
import { type Random, seededRandom } from '@stormglass/base';
import { FaultSettingsError, numberSetting } from './link-fault.ts';

export const DNS_FAULTS = {
  'dns-servfail': 'names, probability: the resolver answers SERVFAIL',
  'dns-nxdomain': 'names, probability: the resolver denies that names exist',
  'dns-timeout': 'names, probability: the resolver does not answer',
  'dns-delay': 'delayMs, jitterMs, names, probability: the resolver answers late',
} as const;

export type DnsFault = keyof typeof DNS_FAULTS;

/** A rule in force in one zone. */
export interface DnsRule {
  readonly id: string;
  readonly fault: DnsFault;
  readonly settings: DnsFaultSettings;
}

export interface DnsFaultSettings {
  /** Names, in lower case and without the last dot; they and all below them are meant. Absent: all names. */
  readonly names?: readonly string[];
  readonly probability: number;
  readonly seed: number;
  readonly delayMs?: number;
  readonly jitterMs?: number;
}

/** What becomes of a question. */
export interface DnsVerdict {
  readonly delayMs: number;
  /** Absent: it is answered as ever. */
  readonly instead?: 'SERVFAIL' | 'NXDOMAIN' | 'silence';
}

const INSTEAD: Readonly<Record<DnsFault, DnsVerdict['instead']>> = {
  'dns-servfail': 'SERVFAIL',
  'dns-nxdomain': 'NXDOMAIN',
  'dns-timeout': 'silence',
  'dns-delay': undefined,
};

const MINUTE_MS = 60_000;
const NAMES_MAX = 32;
const NAME = /^(?=.{1,253}$)[\w-]{1,63}(\.[\w-]{1,63})*$/;

/**
 * Checks the settings of a fault of the resolver.
 * @throws FaultSettingsError
 */
export function parseDnsSettings(fault: DnsFault, settings: Readonly<Record<string, unknown>>): DnsFaultSettings {
  const names = namesIn(settings.names);
  return {
    ...(names === undefined ? {} : { names }),
    probability: numberSetting(settings, 'probability', { min: 0, max: 1, fallback: 1 }),
    seed: numberSetting(settings, 'seed', { min: 0, max: 2 ** 31, fallback: 1 }),
    ...(fault !== 'dns-delay'
      ? {}
      : {
          delayMs: numberSetting(settings, 'delayMs', { min: 0, max: MINUTE_MS }),
          jitterMs: numberSetting(settings, 'jitterMs', { min: 0, max: MINUTE_MS, fallback: 0 }),
        }),
  };
}

/** A list, or a text with commas. */
function namesIn(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const listed = Array.isArray(given) ? given : String(given).split(',');
  const names = listed.map(name => String(name).trim().toLowerCase().replace(/\.$/, ''));
  if (names.length >= 1 && names.length <= NAMES_MAX && names.every(name => NAME.test(name))) return names;
  throw new FaultSettingsError(`names must be 1 to ${NAMES_MAX} domain names with commas between them`);
}

interface Live extends DnsRule {
  readonly random: Random;
}

/** The faults in force at one resolver. */
export class DnsFaults {
  #rules: readonly Live[] = [];

  /** Puts these in force in place of what there was; a rule that stays goes on where its chance was. */
  replace(rules: readonly DnsRule[]): void {
    const before = new Map(this.#rules.map(live => [live.id, live]));
    this.#rules = rules.map(rule => before.get(rule.id) ?? { ...rule, random: seededRandom(rule.settings.seed) });
  }

  /** What becomes of a question for `name` (lower case, no dot at the end); undefined when nothing does. */
  meet(name: string): DnsVerdict | undefined {
    const hits = this.#rules.filter(({ settings, random }) => {
      const { names, probability } = settings;
      const isMeant = names === undefined || names.some(each => name === each || name.endsWith(`.${each}`));
      return isMeant && random.next() < probability;
    });
    if (hits.length === 0) return undefined;
    const delays = hits.map(({ settings: { delayMs = 0, jitterMs = 0 }, random }) =>
      Math.max(0, delayMs + (jitterMs === 0 ? 0 : jitterMs * (2 * random.next() - 1))),
    );
    const delayMs = delays.reduce((sum, ms) => sum + ms, 0);
    const instead = hits.map(({ fault }) => INSTEAD[fault]).find(each => each !== undefined);
    return instead === undefined ? { delayMs } : { delayMs, instead };
  }
}
