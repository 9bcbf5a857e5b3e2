/**
 * The faults in force on the links of a region. A place is a zone id, `clients` (everybody outside), or `log` (the
 * sequencer of the embedded engine); a rule names the two ends of the links it breaks.
 */

import { seededRandom } from '@stormglass/base';
import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { FaultSettingsError, type LinkBehaviour, type LinkFaultKind, numberSetting } from './link-fault.ts';
import { loss } from './loss.ts';
import { partition } from './partition.ts';
import { reset } from './reset.ts';

const KINDS = [latency, loss, bandwidth, partition, reset] as const;

/** Every kind of link fault by name. */
export const LINK_FAULTS: ReadonlyMap<string, LinkFaultKind<unknown>> = new Map(
  KINDS.map(kind => [kind.name, kind as LinkFaultKind<unknown>]),
);

/** `*` stands for every place. */
export interface LinkRule {
  readonly id: string;
  readonly fault: string;
  readonly from: string;
  readonly to: string;
  /** Only what is sent from `from` to `to` is affected; otherwise both ways are. */
  readonly oneWay: boolean;
  /** The share of connections affected, from 0 to 1. */
  readonly toxicity: number;
  readonly seed: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Checks a rule that came from outside and fills in its defaults.
 * @throws FaultSettingsError
 */
export function parseLinkRule(
  id: string,
  rule: Readonly<Record<string, unknown>>,
  places: readonly string[],
): LinkRule {
  const kind = LINK_FAULTS.get(String(rule.fault));
  if (kind === undefined) {
    throw new FaultSettingsError(
      `unknown fault ${String(rule.fault)}; known are ${[...LINK_FAULTS.keys()].join(', ')}`,
    );
  }
  const place = (end: 'from' | 'to') => {
    const name = String(rule[end] ?? '*');
    if (name === '*' || places.includes(name)) return name;
    throw new FaultSettingsError(`${end} must be one of *, ${places.join(', ')}; it is ${name}`);
  };
  return {
    id,
    fault: kind.name,
    from: place('from'),
    to: place('to'),
    oneWay: rule.oneWay === true,
    toxicity: numberSetting(rule, 'toxicity', { min: 0, max: 1, fallback: 1 }),
    seed: numberSetting(rule, 'seed', { min: 0, max: 2 ** 31, fallback: 1 }),
    settings: parseSettings(kind, (rule.settings ?? {}) as Record<string, unknown>),
  };
}

/** A setting that nobody reads is most likely misspelled, and an experiment without it would prove nothing. */
function parseSettings(kind: LinkFaultKind<unknown>, settings: Readonly<Record<string, unknown>>) {
  const parsed = kind.parse(settings) as Record<string, unknown>;
  const unknown = Object.keys(settings).filter(name => !(name in parsed));
  if (unknown.length === 0) return parsed;
  const known = Object.keys(parsed).join(', ') || 'none';
  throw new FaultSettingsError(`${kind.name} has no setting ${unknown.join(', ')}; known are ${known}`);
}

const matches = (selector: string, place: string): boolean => selector === '*' || selector === place;

/** True when what goes from one place to the other is affected by the rule. */
export const ruleApplies = (rule: LinkRule, from: string, to: string): boolean =>
  (matches(rule.from, from) && matches(rule.to, to)) ||
  (!rule.oneWay && matches(rule.from, to) && matches(rule.to, from));

/** The rules in force, and who wants to know when they change. */
export class LinkRules {
  #rules: readonly LinkRule[] = [];
  #connections = 0;
  readonly #listeners = new Set<() => void>();

  get all(): readonly LinkRule[] {
    return this.#rules;
  }

  replace(rules: readonly LinkRule[]): void {
    this.#rules = rules;
    for (const listener of [...this.#listeners]) listener();
  }

  add(rule: LinkRule): void {
    this.replace([...this.#rules.filter(r => r.id !== rule.id), rule]);
  }

  remove(id: string): boolean {
    const rest = this.#rules.filter(r => r.id !== id);
    const found = rest.length < this.#rules.length;
    if (found) this.replace(rest);
    return found;
  }

  /** True when any rule touches the link between two places, either way. */
  touches(a: string, b: string): boolean {
    return this.#rules.some(rule => ruleApplies(rule, a, b) || ruleApplies(rule, b, a));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A number for a connection that is about to be made: with a rule's seed it decides whether a partial rule hits it. */
  nextConnection(): number {
    return ++this.#connections;
  }

  /** The behaviours on one direction of one connection. */
  begin(from: string, to: string, connection: number): readonly LinkBehaviour[] {
    return this.#rules
      .filter(rule => isHit(rule, connection) && ruleApplies(rule, from, to))
      .map(rule => LINK_FAULTS.get(rule.fault)!.begin(rule.settings, seededRandom(rule.seed)));
  }
}

const isHit = ({ seed, toxicity }: LinkRule, connection: number): boolean =>
  toxicity === 1 || seededRandom(seed + connection * 7919).next() < toxicity;
