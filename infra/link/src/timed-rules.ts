/** The rules of one link as its API keeps them: checked, numbered, and ended when their time is over. */
import { type Cancel, type Clock, hexId, type Random } from '@stormglass/base';
import { FaultSettingsError, type LinkRule, type LinkRules, numberSetting, parseLinkRule } from '@stormglass/faults';

export interface TimedRule extends LinkRule {
  readonly durationMs?: number;
  /** When it ends by itself, in ms since the epoch. */
  readonly endsAt?: number;
}

export interface TimedRulesOptions {
  readonly rules: LinkRules;
  /** What `from` and `to` of a rule may name. */
  readonly places: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

interface Timer {
  readonly durationMs: number;
  readonly endsAt: number;
  readonly cancel: Cancel;
}

const RULES_MAX = 1000;
const DURATION_MS_MAX = 24 * 3_600_000;
const ID = /^[\w.:-]{1,64}$/;

export class TimedRules {
  readonly #options: TimedRulesOptions;
  readonly #timers = new Map<string, Timer>();

  constructor(options: TimedRulesOptions) {
    this.#options = options;
  }

  list(): readonly TimedRule[] {
    return this.#options.rules.all.map(rule => {
      const timer = this.#timers.get(rule.id);
      return timer === undefined ? rule : { ...rule, durationMs: timer.durationMs, endsAt: timer.endsAt };
    });
  }

  /**
   * Puts a rule in force, in place of the one with its id if there is one.
   * @throws FaultSettingsError
   */
  add(wanted: unknown): TimedRule {
    const { rule, durationMs } = this.#parse(wanted);
    const isNew = !this.#options.rules.all.some(({ id }) => id === rule.id);
    if (isNew && this.#options.rules.all.length >= RULES_MAX) throw new FaultSettingsError(TOO_MANY);
    this.#cancel(rule.id);
    this.#options.rules.add(rule);
    this.#time(rule.id, durationMs);
    return this.list().find(({ id }) => id === rule.id)!;
  }

  /**
   * These and no others. What is in force already goes on as it is: saying the same twice changes nothing.
   * @throws FaultSettingsError naming the first rule that cannot be; then nothing has changed
   */
  replace(wanted: unknown): readonly TimedRule[] {
    if (!Array.isArray(wanted)) throw new FaultSettingsError('rules must be a list');
    if (wanted.length > RULES_MAX) throw new FaultSettingsError(TOO_MANY);
    const parsed = wanted.map((each, index) => {
      try {
        return this.#parse(each);
      } catch (error) {
        throw new FaultSettingsError(`rule ${index}: ${(error as Error).message}`, { cause: error });
      }
    });
    const durations = new Map(parsed.map(({ rule, durationMs }) => [rule.id, durationMs]));
    if (durations.size < parsed.length) throw new FaultSettingsError('two rules have the same id');
    for (const [id, { durationMs }] of [...this.#timers]) if (durations.get(id) !== durationMs) this.#cancel(id);
    this.#options.rules.replace(parsed.map(({ rule }) => rule));
    for (const [id, durationMs] of durations) if (!this.#timers.has(id)) this.#time(id, durationMs);
    return this.list();
  }

  /** Ends one rule, or all; tells how many there were. */
  remove(id?: string): number {
    const ids = this.#options.rules.all.map(rule => rule.id).filter(each => id === undefined || each === id);
    for (const each of ids) this.#cancel(each);
    this.#options.rules.replace(this.#options.rules.all.filter(rule => !ids.includes(rule.id)));
    return ids.length;
  }

  close(): void {
    for (const id of [...this.#timers.keys()]) this.#cancel(id);
  }

  #parse(wanted: unknown): { readonly rule: LinkRule; readonly durationMs: number | undefined } {
    if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
      throw new FaultSettingsError('a rule must be an object');
    }
    const fields = wanted as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(fields).find(name => !FIELDS.includes(name));
    if (unknown !== undefined)
      throw new FaultSettingsError(`a rule has no field ${unknown}; known are ${FIELDS.join(', ')}`);
    const { id = `rule-${hexId(this.#options.random, 4)}`, settings = {} } = fields;
    if (typeof id !== 'string' || !ID.test(id)) {
      throw new FaultSettingsError('id must be 1 to 64 letters, digits or one of _ . : -');
    }
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
      throw new FaultSettingsError('settings must be an object');
    }
    const durationMs =
      fields.durationMs === undefined
        ? undefined
        : numberSetting(fields, 'durationMs', { min: 1, max: DURATION_MS_MAX });
    return { rule: parseLinkRule(id, fields, this.#options.places), durationMs };
  }

  #time(id: string, durationMs: number | undefined): void {
    if (durationMs === undefined) return;
    const { clock } = this.#options;
    const cancel = clock.after(durationMs, () => void this.remove(id));
    this.#timers.set(id, { durationMs, endsAt: clock.now() + durationMs, cancel });
  }

  #cancel(id: string): void {
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  }
}

const TOO_MANY = `a link has ${RULES_MAX} rules at most`;
const FIELDS = ['id', 'fault', 'from', 'to', 'oneWay', 'toxicity', 'seed', 'settings', 'durationMs', 'endsAt'];
