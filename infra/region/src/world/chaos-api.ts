/**
 * LocalStack's chaos API (`/_localstack/chaos/faults` and `effects`, LocalStack docs, "Chaos API") on the fault board:
 * its rules are faults of the kind `call`, its latency is `call-latency`, and the board shows and mends them like all
 * others. GET tells what is in force, POST replaces it, PATCH adds rules, DELETE removes equal ones.
 */
import { isDeepStrictEqual } from 'node:util';
import { defined } from '@stormglass/base';
import { type ChaosAnswer, type ChaosRequest, type FaultStatus, WorldError } from '@stormglass/contracts';
import { CALL_RULES_MAX, type CallRule, FaultSettingsError, numberSetting, parseCallRule } from '@stormglass/faults';
import type { FaultBoard } from './fault-board.ts';

export interface ChaosApiOptions {
  readonly board: Pick<FaultBoard, 'list' | 'add' | 'clear'>;
  readonly zones: readonly string[];
  /** Several changes of the board that hosts hear of as one. */
  readonly together: (change: () => void) => void;
}

/** LocalStack counts in whole ms and knows no bound; a longer wait would outlive every client. */
const LATENCY_MS_MAX = 60_000;

export class ChaosApi {
  readonly #options: ChaosApiOptions;

  constructor(options: ChaosApiOptions) {
    this.#options = options;
  }

  /** Never throws; what is wrong with the request is the answer. */
  answer({ method, path, body }: ChaosRequest): ChaosAnswer {
    try {
      const name = `${method} ${path}`;
      switch (name) {
        case 'GET faults':
          return { status: 200, body: this.#rules() };
        case 'POST faults':
          return this.#change(rulesIn(body), (rules, posted) => this.#replace(rules, posted));
        case 'PATCH faults':
          return this.#change(rulesIn(body), rules => this.#add(rules));
        case 'DELETE faults':
          return this.#change(rulesIn(body), (rules, posted) => this.#remove(rules, posted));
        case 'GET effects':
          return { status: 200, body: { latency: this.#latencyMs() } };
        case 'POST effects':
          return this.#setLatency(json(body));
        default:
          return { status: 405, body: { message: `${method} is not for this path` } };
      }
    } catch (error) {
      if (!(error instanceof WorldError || error instanceof FaultSettingsError)) throw error;
      return { status: 400, body: { message: error.message } };
    }
  }

  #posted(fault: string): readonly FaultStatus[] {
    return this.#options.board.list().filter(each => each.fault === fault);
  }

  #rules(): readonly CallRule[] {
    return this.#posted('call').map(({ settings }) => settings);
  }

  #change(rules: readonly CallRule[], change: (rules: readonly CallRule[], posted: readonly FaultStatus[]) => void) {
    for (const { zone } of rules) {
      if (zone === undefined || this.#options.zones.includes(zone)) continue;
      throw new WorldError(`unknown zone ${zone}; known are ${this.#options.zones.join(', ')}`);
    }
    this.#options.together(() => change(rules, this.#posted('call')));
    return { status: 200, body: this.#rules() };
  }

  #replace(rules: readonly CallRule[], posted: readonly FaultStatus[]): void {
    for (const { id } of posted) this.#options.board.clear(id);
    this.#add(rules);
  }

  #add(rules: readonly CallRule[]): void {
    const before = this.#posted('call').length;
    if (before + rules.length > CALL_RULES_MAX) throw new WorldError(`at most ${CALL_RULES_MAX} rules can be in force`);
    for (const rule of rules) {
      const { zone, durationMs } = rule;
      this.#options.board.add({ fault: 'call', ...defined({ zone, durationMs }), settings: { ...rule } });
    }
  }

  #remove(rules: readonly CallRule[], posted: readonly FaultStatus[]): void {
    for (const rule of rules) {
      for (const { id, settings } of posted) if (isDeepStrictEqual(settings, rule)) this.#options.board.clear(id);
    }
  }

  #latencyMs(): number {
    return Number(this.#posted('call-latency')[0]?.settings.latencyMs ?? 0);
  }

  #setLatency(given: unknown): ChaosAnswer {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new WorldError('effects are an object');
    const unknown = Object.keys(given).find(name => name !== 'latency');
    if (unknown !== undefined) throw new WorldError(`effects have no field ${unknown}; known is latency`);
    const bounds = { min: 0, max: LATENCY_MS_MAX, fallback: 0 };
    const latencyMs = numberSetting(given as Record<string, unknown>, 'latency', bounds);
    this.#options.together(() => {
      for (const { id } of this.#posted('call-latency')) this.#options.board.clear(id);
      if (latencyMs > 0) this.#options.board.add({ fault: 'call-latency', settings: { latencyMs } });
    });
    return { status: 200, body: { latency: latencyMs } };
  }
}

/** @throws WorldError naming the rule that makes no sense; nothing is changed then */
function rulesIn(body: string): readonly CallRule[] {
  const given = json(body);
  if (!Array.isArray(given)) throw new WorldError('the rules must be an array');
  if (given.length > CALL_RULES_MAX) throw new WorldError(`at most ${CALL_RULES_MAX} rules can be in force`);
  return given.map((rule: unknown, index) => {
    try {
      return parseCallRule(rule);
    } catch (error) {
      if (!(error instanceof FaultSettingsError)) throw error;
      throw new WorldError(`rule ${index + 1}: ${error.message}`, { cause: error });
    }
  });
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new WorldError('the request is not JSON', { cause });
  }
}
