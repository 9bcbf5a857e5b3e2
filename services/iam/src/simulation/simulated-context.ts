/** The facts of a simulated request: what the request says, and what follows from whoever is simulated. */
import type { ContextEntry, ContextKeyTypeEnum } from '@aws-sdk/client-iam';
import {
  type AccountPrincipal,
  type ContextValue,
  EMPTY_CONTEXT,
  principalContext,
  type RequestContext,
} from '@stormglass/identity';
import { invalidInput } from '../errors.ts';

/** What values of each type look like; those not listed are any text. */
const FORMS: Partial<Record<ContextKeyTypeEnum, RegExp>> = {
  numeric: /^[+-]?\d+(\.\d+)?$/,
  boolean: /^(true|false)$/i,
  ip: /^[\da-f.:]+(\/\d{1,3})?$/i,
  binary: /^[A-Za-z\d+/]*={0,2}$/,
  date: /^(\d{4}-\d\d-\d\d.*|\d+)$/,
};

/**
 * The keys that the request gives, by their names in lower case.
 * @throws AwsError `InvalidInput` for a value that is not of its type
 */
export function givenContext(entries: readonly ContextEntry[] = []): ReadonlyMap<string, ContextValue> {
  const context = new Map<string, ContextValue>();
  for (const { ContextKeyName: name = '', ContextKeyValues: values = [], ContextKeyType: type = 'string' } of entries) {
    const isList = type.endsWith('List');
    const form = FORMS[(isList ? type.slice(0, -'List'.length) : type) as ContextKeyTypeEnum];
    const wrong = values.find(value => form?.test(value) === false);
    if (wrong !== undefined) throw invalidInput(`Invalid Input ContextEntries: ${wrong} is not of type ${type}.`);
    // Several values of a key that has one are a list all the same, as the simulator of AWS takes them.
    const [only] = values;
    context.set(name.toLowerCase(), isList || only === undefined || values.length > 1 ? values : only);
  }
  return context;
}

/**
 * What the request gives wins: who simulates may set the clock, or pretend to have other tags. An unknown caller has
 * empty texts for names and ids; those are keys that the request does not have.
 */
export function simulatedContext(
  given: ReadonlyMap<string, ContextValue>,
  facts: { readonly principal: AccountPrincipal; readonly resourceAccount: string; readonly now: number },
): RequestContext {
  const derived = principalContext({ ...facts, context: EMPTY_CONTEXT });
  return { get: key => given.get(key) ?? (derived.get(key) || undefined) };
}
