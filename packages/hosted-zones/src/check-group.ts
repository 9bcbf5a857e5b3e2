/**
 * What a record set must be given the others: CNAMEs stand alone, routing policies do not mix, aliases have targets, a
 * zone keeps its SOA and NS records. Asked about the zone as it would be after a batch.
 */
import { isWithin } from './names.ts';
import { QUOTAS } from './quotas.ts';
import type { HostedZone, RecordSet } from './records.ts';

/** The record sets of a zone as they would be. */
export interface ZoneDraft {
  readonly zone: HostedZone;
  at(name: string): readonly RecordSet[];
}

export type RoutingPolicy = 'simple' | 'weighted' | 'latency' | 'failover' | 'multivalue answer' | 'geolocation';

export function policyOf(set: RecordSet): RoutingPolicy {
  if (set.setIdentifier === undefined) return 'simple';
  if (set.weight !== undefined) return 'weighted';
  if (set.region !== undefined) return 'latency';
  if (set.failover !== undefined) return 'failover';
  return set.multiValue === true ? 'multivalue answer' : 'geolocation';
}

/** Everything that is wrong with a record set that a batch creates or changes. */
export function problemsOf(draft: ZoneDraft, set: RecordSet): string[] {
  const here = draft.at(set.name);
  return [
    ...placeProblems(draft.zone, set),
    ...cnameProblems(draft.zone, set, here),
    ...policyProblems(
      set,
      here.filter(other => other.type === set.type && other.setIdentifier !== set.setIdentifier),
    ),
    ...aliasProblems(draft, set),
  ];
}

function placeProblems({ name: apex }: HostedZone, set: RecordSet): string[] {
  const { name, type } = set;
  if (!isWithin(name, apex)) return [`RRSet with DNS name ${name} is not permitted in zone ${apex}`];
  if (type === 'CNAME' && name === apex)
    return [`RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${apex}`];
  if (type === 'SOA' && name !== apex) return ['A HostedZone must contain exactly one SOA record.'];
  if (type === 'DS' && name === apex)
    return [`RRSet of type DS with DNS name ${name} is not permitted at apex in zone ${apex}`];
  if ((type === 'NS' || type === 'SOA') && (set.alias !== undefined || set.setIdentifier !== undefined))
    return [`RRSet of type ${type} with DNS name ${name} can be neither an alias nor have a routing policy`];
  if (type === 'CNAME' && set.multiValue === true)
    return [`RRSet of type CNAME with DNS name ${name} cannot be a multivalue answer`];
  return [];
}

function cnameProblems({ name: apex }: HostedZone, { name, type }: RecordSet, here: readonly RecordSet[]): string[] {
  const others = here.filter(other => other.type !== type);
  if (type === 'CNAME' && name !== apex && others.length > 0) {
    return [
      `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${apex}`,
    ];
  }
  if (others.some(other => other.type === 'CNAME')) {
    return [
      `RRSet of type ${type} with DNS name ${name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${apex}`,
    ];
  }
  return [];
}

function policyProblems(set: RecordSet, others: readonly RecordSet[]): string[] {
  if (others.length === 0) return [];
  const policy = policyOf(set);
  const described = `RRSet with DNS name ${set.name}, type ${set.type}`;
  if (policy === 'simple') return [`${described} cannot be created as other RRSets exist with the same name and type.`];
  const named = `${described}, SetIdentifier ${set.setIdentifier}`;
  if (others.some(other => policyOf(other) !== policy)) {
    return policy === 'multivalue answer'
      ? [`${named} cannot be created because a non multivalue answer rrset exists with the same name and type.`]
      : [`${named} cannot be created as a non-${policy} set exists with the same name and type.`];
  }
  if (others.length >= QUOTAS.RecordSetsPerGroup)
    return [`${named} cannot be created as more than ${QUOTAS.RecordSetsPerGroup} have the same name and type.`];
  if (policy === 'weighted' && others.some(({ ttl }) => ttl !== undefined && set.ttl !== undefined && ttl !== set.ttl))
    return [`${named} cannot be created as weighted sets must contain the same TTL.`];
  const [key, what] = distinction(set);
  if (key === '' || others.every(other => distinction(other)[0] !== key)) return [];
  return [
    `${named}, and ${key} cannot be created because a ${policy} RRSet with the same name, type and ${what} already exists.`,
  ];
}

/** What may occur once among the record sets of a name and type, and what it is called. */
function distinction({ region, failover, geo }: RecordSet): readonly [key: string, what: string] {
  if (region !== undefined) return [`Region Name=${region}`, 'region'];
  if (failover !== undefined) return [`Failover=${failover}`, 'failover'];
  if (geo === undefined) return ['', ''];
  const { continent = 'null', country = 'null', subdivision = 'null' } = geo;
  return [
    `GeoLocation [ContinentCode=${continent}, CountryCode=${country}, SubdivisionCode=${subdivision}]`,
    'geolocation',
  ];
}

/** Endpoints of the region that an alias may stand for; whether one answers shows when it is asked. */
const ENDPOINT = /\.amazonaws\.com\.$/;

function aliasProblems({ zone, at }: ZoneDraft, { name, type, alias }: RecordSet): string[] {
  if (alias === undefined) return [];
  const tried = `Tried to create an alias that targets ${alias.name}, type ${type} in zone ${alias.zoneId}`;
  if (alias.zoneId !== zone.id) {
    const isEndpoint = ENDPOINT.test(alias.name) && (type === 'A' || type === 'AAAA');
    return isEndpoint ? [] : [`${tried}, but the alias target name does not lie within the target zone`];
  }
  if (!isWithin(alias.name, zone.name))
    return [
      `${tried}, but the alias target name does not lie within the target zone`,
      `${tried}, but that target was not found`,
    ];
  if (alias.name === name) return [`${tried}, but an alias cannot target itself`];
  return at(alias.name).some(other => other.type === type) ? [] : [`${tried}, but that target was not found`];
}
