/** The condition operators for the naive evaluator, each as the IAM User Guide describes it ("Condition operators"). */
import { BlockList, isIP } from 'node:net';
import { arnLike, filled, like, type ReferenceContext } from './reference-patterns.ts';

/** All lines of a condition block must hold. */
export const conditionsHold = (block: object, variables: boolean, context: ReferenceContext): boolean =>
  Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys as Readonly<Record<string, unknown>>).every(([key, values]) => {
      const wanted = (Array.isArray(values) ? values : [values]).map(String);
      return lineHolds(operator, key, wanted, variables, context);
    }),
  );

function lineHolds(
  name: string,
  key: string,
  wanted: readonly string[],
  variables: boolean,
  context: ReferenceContext,
): boolean {
  const forAll = name.startsWith('ForAllValues:');
  const forAny = name.startsWith('ForAnyValue:');
  const ifExists = name.endsWith('IfExists');
  const operator = name.replace(/^For\w+:/, '').replace(/IfExists$/, '');
  const value = context.get(key.toLowerCase());
  const actual = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  // "… or if the key value resolves to a null data set, such as an empty string."
  const isNull = actual.every(one => one === '');

  if (operator === 'Null') return wanted.includes(isNull ? 'true' : 'false');
  const negated = operator.includes('Not');
  const missing = forAll || forAny ? isNull : actual.length === 0;
  // "If the key is not present, evaluate the condition element as true."
  if (missing && ifExists) return true;
  if (missing && forAll) return true;
  if (missing && forAny) return false;
  // "If the policy condition requires that the key is not matched … and the right key is not present, … true."
  if (missing) return negated;

  const matches = (one: string) =>
    wanted.some(want => compare(operator.replace('Not', ''), want, one, variables, context));
  if (forAll) return actual.every(one => matches(one) !== negated);
  if (forAny) return actual.some(one => matches(one) !== negated);
  return actual.some(matches) !== negated;
}

/** One value of the policy against one of the request, by the operator without its negation. */
function compare(
  operator: string,
  want: string,
  actual: string,
  variables: boolean,
  context: ReferenceContext,
): boolean {
  switch (operator) {
    case 'StringLike':
      return like(want, actual, variables, context);
    case 'ArnLike':
    case 'ArnEquals':
      return arnLike(want, actual, variables, context);
    case 'StringEquals':
      return filled(want, variables, context) === actual;
    case 'StringEqualsIgnoreCase':
      return filled(want, variables, context)?.toLowerCase() === actual.toLowerCase();
    case 'Bool': {
      const text = filled(want, variables, context)?.toLowerCase();
      return text === actual.toLowerCase() && (text === 'true' || text === 'false');
    }
    case 'BinaryEquals':
      return Buffer.compare(Buffer.from(want, 'base64'), Buffer.from(actual, 'base64')) === 0;
    // `IpAddress`, and `NotIpAddress` without its `Not`.
    case 'IpAddress':
      return ipInside(want, actual);
    default:
      return operator.startsWith('Numeric')
        ? ordered(operator.slice('Numeric'.length), number(actual), number(want))
        : ordered(operator.slice('Date'.length), moment(actual), moment(want));
  }
}

function ordered(relation: string, actual: number, want: number): boolean {
  switch (relation) {
    case 'Equals':
      return actual === want;
    case 'LessThan':
      return actual < want;
    case 'LessThanEquals':
      return actual <= want;
    case 'GreaterThan':
      return actual > want;
    case 'GreaterThanEquals':
      return actual >= want;
    default:
      throw new Error(`no relation ${relation}`);
  }
}

const number = (text: string): number => (/^[-+]?[0-9.]+$/.test(text) ? Number(text) : Number.NaN);

/** Four digits are a year; any other number of them, seconds since 1970. */
function moment(text: string): number {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1000;
  return /^\d{4}(-\d\d(-\d\d(T[\d:.]+Z)?)?)?$/.test(text) ? new Date(text).getTime() : Number.NaN;
}

function ipInside(range: string, address: string): boolean {
  const [network = '', bits] = range.split('/');
  const family = (text: string) => (isIP(text) === 4 ? 'ipv4' : 'ipv6');
  if (isIP(network) === 0 || isIP(network) !== isIP(address)) return false;
  const block = new BlockList();
  if (bits === undefined) block.addAddress(network, family(network));
  else block.addSubnet(network, Number(bits), family(network));
  return block.check(address, family(address));
}
