/**
 * Faults on calls: answers that a service never gave, and calls that take longer than they need. The rules are those of
 * LocalStack's chaos API (`/_localstack/chaos/faults`), extended by zone, caller, access, delay, duration and seed. Pure: who
 * asks says what the call is, and carries the verdict out.
 *
 * Rules are tried in their order; the first that matches, and whose probability says so, decides.
 */
import { type Random, seededRandom } from '@stormglass/base';
import { FaultSettingsError } from './link-fault.ts';

/** What an operation does: reads, changes a resource, or changes what a resource holds. */
export type CallAccess = 'read' | 'write' | 'data-write';

/** A rule as it was given; a selector that is absent matches everything. */
export interface CallRule {
  /** As the SDKs name it: `iam`, `route53`. */
  readonly service?: string;
  readonly operation?: string;
  /** Operations that do not change anything, those that do, and of these the ones of the control plane alone. */
  readonly access?: 'read' | 'write' | 'control';
  readonly region?: string;
  /** Of matching calls, from 0 to 1; 1 by default. */
  readonly probability?: number;
  /** Status 503 and `ServiceUnavailable` where they are absent. */
  readonly error?: { readonly statusCode?: number; readonly code?: string };
  readonly description?: string;
  /** Id of the zone that answers. */
  readonly zone?: string;
  /** Name of the caller's role, or ARN of the caller or of its role; `*` stands for any text. */
  readonly callerRole?: string;
  /** The call is held so long before anything else; without an `error` it then goes its way. */
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  readonly durationMs?: number;
  readonly seed?: number;
}

/** A rule in force. */
export interface PostedCallRule {
  readonly id: string;
  readonly rule: CallRule;
}

/** What a rule can ask about a call. */
export interface FaultyCall {
  /** Names that the service goes by. */
  readonly service: readonly string[];
  readonly operation: string;
  readonly access: CallAccess;
  readonly region: string;
  /** ARNs that the caller goes by: its own, and that of its role. */
  readonly callerArns: readonly string[];
  readonly callerRole: string | undefined;
}

export interface CallVerdict {
  /** The rule that decided; undefined where only the latency of all calls is meant. */
  readonly id: string | undefined;
  readonly delayMs: number;
  readonly error: { readonly statusCode: number; readonly code: string } | undefined;
}

/** Rules in force at a time. */
export const CALL_RULES_MAX = 100;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

const NAME = /^[\w-]{1,64}$/;
const OPERATION = /^[A-Za-z][A-Za-z0-9]{0,127}$/;
const TEXT = /^[^\p{Cc}]{1,256}$/u;

const SELECTORS: Readonly<Record<string, RegExp>> = {
  service: NAME,
  operation: OPERATION,
  access: /^(?:read|write|control)$/,
  region: NAME,
  zone: NAME,
  callerRole: TEXT,
  description: TEXT,
};
const NUMBERS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  probability: [0, 1],
  latencyMs: [0, MINUTE_MS],
  jitterMs: [0, MINUTE_MS],
  durationMs: [1, DAY_MS],
  seed: [0, 2 ** 31],
};

/**
 * Checks a rule that came from outside.
 * @throws FaultSettingsError naming the field
 */
export function parseCallRule(given: unknown): CallRule {
  const rule = objectIn(given, 'a rule');
  for (const [name, value] of Object.entries(rule)) {
    const bounds = NUMBERS[name];
    if (SELECTORS[name] !== undefined) textIn(name, value, SELECTORS[name]);
    else if (bounds !== undefined) numberIn(name, value, ...bounds);
    else if (name === 'error') checkError(value);
    else refuse(`a rule has no field ${name}; known are ${KNOWN}`);
  }
  return rule as CallRule;
}

const KNOWN = [...Object.keys(SELECTORS), ...Object.keys(NUMBERS), 'error'].join(', ');

function checkError(given: unknown): void {
  for (const [name, value] of Object.entries(objectIn(given, 'error'))) {
    if (name === 'statusCode') numberIn('error.statusCode', value, 400, 599, true);
    else if (name === 'code') textIn('error.code', value, OPERATION);
    else refuse(`error has no field ${name}; known are statusCode, code`);
  }
}

function objectIn(given: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  return refuse(`${what} must be an object`);
}

function textIn(name: string, value: unknown, pattern: RegExp): void {
  if (typeof value !== 'string' || !pattern.test(value))
    refuse(`${name} must be a text that matches ${pattern.source}`);
}

function numberIn(name: string, value: unknown, min: number, max: number, isWhole = false): void {
  const isRight = typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value));
  if (!isRight) refuse(`${name} must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`);
}

const refuse = (why: string): never => {
  throw new FaultSettingsError(why);
};

interface Live {
  readonly id: string;
  readonly rule: CallRule;
  readonly random: Random;
}

/** The faults in force on the calls that one host answers. */
export class CallFaults {
  readonly #zone: string;
  #rules: readonly Live[] = [];
  #latencyMs = 0;

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** Puts these in force in place of what there was; a rule that stays goes on where its chance was. */
  replace(rules: readonly PostedCallRule[], latencyMs: number): void {
    const before = new Map(this.#rules.map(live => [keyOf(live), live]));
    this.#latencyMs = latencyMs;
    this.#rules = rules
      .filter(({ rule }) => rule.zone === undefined || rule.zone === this.#zone)
      // Every zone draws for itself: a retry elsewhere must not meet the same luck.
      .map(
        ({ id, rule }) =>
          before.get(keyOf({ id, rule })) ?? { id, rule, random: seededRandom((rule.seed ?? 1) + hash(this.#zone)) },
      );
  }

  /** True when no call can meet a fault. */
  get isIdle(): boolean {
    return this.#rules.length === 0 && this.#latencyMs === 0;
  }

  /** What happens to a call; undefined when nothing does. */
  meet(call: FaultyCall): CallVerdict | undefined {
    const live = this.#rules.find(each => matches(each.rule, call) && isDue(each));
    if (live !== undefined) return verdict(live, this.#latencyMs);
    return this.#latencyMs === 0 ? undefined : { id: undefined, delayMs: this.#latencyMs, error: undefined };
  }
}

/** One fault may be several rules, each for a service. */
const keyOf = ({ id, rule }: PostedCallRule): string => `${id} ${rule.service ?? ''}`;

const isDue = ({ rule, random }: Live): boolean => random.next() < (rule.probability ?? 1);

function verdict({ id, rule, random }: Live, allMs: number): CallVerdict {
  const { latencyMs = 0, jitterMs = 0, error } = rule;
  const jitter = jitterMs === 0 ? 0 : jitterMs * (2 * random.next() - 1);
  const isSlowOnly = error === undefined && (rule.latencyMs !== undefined || rule.jitterMs !== undefined);
  return {
    id,
    delayMs: allMs + Math.max(0, latencyMs + jitter),
    error: isSlowOnly ? undefined : { statusCode: error?.statusCode ?? 503, code: error?.code ?? 'ServiceUnavailable' },
  };
}

function isMeant(wanted: CallRule['access'], access: CallAccess): boolean {
  if (wanted === undefined) return true;
  return wanted === 'control' ? access === 'write' : (wanted === 'read') === (access === 'read');
}

function matches(rule: CallRule, call: FaultyCall): boolean {
  const { service, operation, access, region, callerRole } = rule;
  return (
    (service === undefined || call.service.some(name => plain(name) === plain(service))) &&
    (operation === undefined || operation === call.operation) &&
    isMeant(access, call.access) &&
    (region === undefined || region === call.region) &&
    (callerRole === undefined || isCaller(callerRole, call))
  );
}

const isCaller = (pattern: string, { callerArns, callerRole }: FaultyCall): boolean =>
  pattern.includes(':')
    ? callerArns.some(arn => fits(pattern, arn))
    : callerRole !== undefined && fits(pattern, callerRole);

/** `ACM PCA`, `acm-pca` and `acm_pca` are one service. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** True when `*` can be filled in so that the pattern is the text. Takes the first place for each piece, so never goes back. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) | 0, 7);
