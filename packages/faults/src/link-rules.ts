/**
 * The faults in force on the links of a region. A place is a zone id, `clients` (everybody outside), or `log` (the
 * sequencer of the embedded engine); a rule names the two ends of the links it breaks. What links between regions are
 * like stands among the rules as well.
 */

import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '@stormglass/base';
import { bandwidth } from './bandwidth.ts';
import { blackHole } from './black-hole.ts';
import { connectionLimit } from './connection-limit.ts';
import { corruption } from './corruption.ts';
import { latency } from './latency.ts';
import {
  FaultSettingsError,
  type LinkBehaviour,
  type LinkFaultKind,
  type Medium,
  numberSetting,
} from './link-fault.ts';
import { loss } from './loss.ts';
import { partition } from './partition.ts';
import { reset } from './reset.ts';
import { slowClose } from './slow-close.ts';

const KINDS = [
  ...[latency, loss, bandwidth, partition, blackHole],
  ...[reset, slowClose, corruption, connectionLimit],
] as const;

/** Every kind of link fault by name. */
export const LINK_FAULTS: ReadonlyMap<string, LinkFaultKind<unknown>> = new Map(
  KINDS.map(kind => [kind.name, kind as LinkFaultKind<unknown>]),
);

/** `*` stands for every place, `use1-*` for those whose names begin so: the zones of a region. */
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

const matches = (selector: string, place: string): boolean =>
  selector.endsWith('*') ? place.startsWith(selector.slice(0, -1)) : selector === place;

/** True when what goes from one place to the other is affected by the rule. */
export const ruleApplies = (rule: LinkRule, from: string, to: string): boolean =>
  (matches(rule.from, from) && matches(rule.to, to)) ||
  (!rule.oneWay && matches(rule.from, to) && matches(rule.to, from));

/** One direction of one connection. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  /** From `connect`; both directions of a connection have the same. */
  readonly connection: number;
  readonly medium: Medium;
}

/** The rules in force, the connections they are asked about, and who wants to know when they change. */
export class LinkRules {
  #rules: readonly LinkRule[] = [];
  #connections = 0;
  /** Open connections by who opened them and to whom. */
  readonly #open = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  get all(): readonly LinkRule[] {
    return this.#rules;
  }

  /** Rules that were in force already go on as they are: telling the same twice changes nothing. */
  replace(rules: readonly LinkRule[]): void {
    const before = this.#rules;
    this.#rules = rules.map(rule => before.find(old => old.id === rule.id && isDeepStrictEqual(old, rule)) ?? rule);
    if (this.#rules.length === before.length && this.#rules.every((rule, i) => rule === before[i])) return;
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

  /**
   * Counts a connection in, unless a rule refuses it. Its number, with a rule's seed, decides whether a partial rule
   * hits it. One that was admitted is to be counted out with `disconnect`.
   */
  connect(from: string, to: string): { readonly number: number; readonly isAdmitted: boolean } {
    const number = ++this.#connections;
    const wire = `${from} > ${to}`;
    const open = this.#open.get(wire) ?? 0;
    const isAdmitted = this.#rules.every(
      rule =>
        LINK_FAULTS.get(rule.fault)!.admits?.(rule.settings, open) !== false ||
        !ruleApplies(rule, from, to) ||
        !isHit(rule, number),
    );
    if (isAdmitted) this.#open.set(wire, open + 1);
    return { number, isAdmitted };
  }

  disconnect(from: string, to: string): void {
    const wire = `${from} > ${to}`;
    const open = this.#open.get(wire)! - 1;
    if (open === 0) this.#open.delete(wire);
    else this.#open.set(wire, open);
  }

  /** The rules that have a say in what is sent there, with what they do; what `before` has done goes on. */
  behaviours(
    { from, to, connection, medium }: Direction,
    before?: ReadonlyMap<LinkRule, LinkBehaviour>,
  ): ReadonlyMap<LinkRule, LinkBehaviour> {
    const behaviours = new Map<LinkRule, LinkBehaviour>();
    for (const rule of this.#rules) {
      if (!ruleApplies(rule, from, to) || !isHit(rule, connection)) continue;
      // Each direction of each connection has chances of its own.
      const random = () => seededRandom(rule.seed + connection * PRIME + (from < to ? 1 : 2));
      const behaviour = before?.get(rule) ?? LINK_FAULTS.get(rule.fault)!.begin?.(rule.settings, random(), medium);
      if (behaviour !== undefined) behaviours.set(rule, behaviour);
    }
    return behaviours;
  }
}

const PRIME = 7919;

const isHit = ({ seed, toxicity }: LinkRule, connection: number): boolean =>
  toxicity === 1 || seededRandom(seed + connection * PRIME).next() < toxicity;
