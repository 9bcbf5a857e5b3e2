/**
 * One record set of a change, by itself: which members go together, and what they may hold. What it must be given the
 * others of its name is in `check-group.ts`.
 */
import type { RecordSetChange, RecordSetInput } from './commands.ts';
import { canonicalName, NameProblem } from './names.ts';
import { QUOTAS } from './quotas.ts';
import { parseValue, RECORD_TYPES } from './record-values.ts';
import type { RecordSet } from './records.ts';
import { refuse } from './result.ts';
import { ValueProblem } from './value-fields.ts';

/** How Route 53 names a change in what it says about its form. */
const shown = ({ action, set }: RecordSetChange): string =>
  `[Action=${action}, Name=${set.name}, Type=${set.type}, SetIdentifier=${set.setIdentifier ?? 'null'}]`;

const POLICY_MEMBERS =
  '[Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig]';
const DATA_MEMBERS = '[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';

/** Refuses the whole request (InvalidInput) when members are missing or do not go together. */
export function checkMembers(change: RecordSetChange): void {
  const { set } = change;
  const invalid = (what: string) => refuse('InvalidInput', `Invalid request: ${what} in Change with ${shown(change)}`);
  const hasRecords = set.ttl !== undefined && set.values !== undefined && set.values.length > 0;
  const isPartial = !hasRecords && (set.ttl !== undefined || set.values !== undefined);
  if (set.alias === undefined && !hasRecords) invalid(`Expected exactly one of ${DATA_MEMBERS}, but found none`);
  if (set.alias !== undefined && (hasRecords || isPartial))
    invalid(`Expected exactly one of ${DATA_MEMBERS}, but found more than one`);
  const policies = policiesOf(set);
  if (set.setIdentifier !== undefined && policies !== 1) {
    invalid(`Expected exactly one of ${POLICY_MEMBERS}, but found ${policies === 0 ? 'none' : 'more than one'}`);
  }
  if (set.setIdentifier === undefined && policies > 0) invalid(`Missing field 'SetIdentifier'`);
  if (!RECORD_TYPES.has(set.type)) refuse('InvalidInput', `Record sets of type ${set.type} are not offered here.`);
}

const policiesOf = ({ weight, region, failover, multiValue, geo }: RecordSetInput): number =>
  [weight, region, failover, multiValue === true ? true : undefined, geo].filter(member => member !== undefined).length;

/** The form in which a record set is kept. What is wrong with it is added to `problems`; undefined when it has no form. */
export function canonicalSet(set: RecordSetInput, problems: string[]): RecordSet | undefined {
  const before = problems.length;
  const name = checkedName(set.name, problems);
  const aliasName = set.alias === undefined ? undefined : checkedName(set.alias.name, problems);
  checkValues(set, problems);
  if (set.multiValue === true) checkMultiValue(set, problems);
  if (set.geo !== undefined) checkGeo(set, problems);
  if (problems.length > before || name === undefined) return undefined;
  const { type, setIdentifier, weight, region, failover, multiValue, geo, ttl, values, alias, healthCheckId } = set;
  // Members always in this order: equal record sets are equal as text.
  return {
    name,
    type,
    ...(setIdentifier === undefined ? {} : { setIdentifier }),
    ...(weight === undefined ? {} : { weight }),
    ...(region === undefined ? {} : { region }),
    ...(failover === undefined ? {} : { failover }),
    ...(multiValue === true ? { multiValue } : {}),
    ...(geo === undefined ? {} : { geo: canonicalGeo(geo) }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(values === undefined ? {} : { values }),
    ...(alias === undefined
      ? {}
      : { alias: { zoneId: alias.zoneId, name: aliasName!, evaluateTargetHealth: alias.evaluateTargetHealth } }),
    ...(healthCheckId === undefined ? {} : { healthCheckId }),
  };
}

const canonicalGeo = ({ continent, country, subdivision }: NonNullable<RecordSet['geo']>) => ({
  ...(continent === undefined ? {} : { continent }),
  ...(country === undefined ? {} : { country }),
  ...(subdivision === undefined ? {} : { subdivision }),
});

function checkedName(text: string, problems: string[]): string | undefined {
  try {
    return canonicalName(text);
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error;
    problems.push(`FATAL problem: ${error.message} encountered with '${text}'`);
    return undefined;
  }
}

const SINGLE_VALUE = new Set(['CNAME', 'SOA']);

function checkValues({ name, type, values = [] }: RecordSetInput, problems: string[]): void {
  if (values.length > QUOTAS.ValuesPerRecordSet) {
    problems.push(`RRSet with DNS name ${name}, type ${type} has more than ${QUOTAS.ValuesPerRecordSet} values`);
    return;
  }
  if (SINGLE_VALUE.has(type) && values.length > 1)
    problems.push(`RRSet of type ${type} with DNS name ${name} must have exactly one value`);
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) problems.push(`Duplicate Resource Record: '${value}'`);
    seen.add(value);
    try {
      parseValue(type, value);
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error;
      problems.push(`Invalid Resource Record: 'FATAL problem: ${error.message} encountered with '${value}''`);
    }
  }
}

/** A multivalue answer is put together from record sets of one value each. */
function checkMultiValue({ name, type, values, alias }: RecordSetInput, problems: string[]): void {
  const described = `RRSet with DNS name ${name}, type ${type}`;
  if (alias !== undefined) problems.push(`${described} cannot be an alias and a multivalue answer`);
  else if (values !== undefined && values.length > 1)
    problems.push(`${described} must have exactly one value as it is a multivalue answer`);
}

const CONTINENTS = new Set(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']);

function checkGeo({ name, geo = {} }: RecordSetInput, problems: string[]): void {
  const { continent, country, subdivision } = geo;
  const described = `Geolocation of the RRSet with DNS name ${name}`;
  if (continent === undefined && country === undefined) problems.push(`${described} names no location`);
  if (continent !== undefined && country !== undefined)
    problems.push(`${described} names a continent and a country; only one of them may be specified`);
  if (continent !== undefined && !CONTINENTS.has(continent)) problems.push(`${described} names no continent`);
  if (country !== undefined && !/^(?:[A-Z]{2}|\*)$/.test(country)) problems.push(`${described} names no country`);
  if (subdivision !== undefined && country !== 'US' && country !== 'UA')
    problems.push(`${described} names a subdivision of a country that has none here`);
}
