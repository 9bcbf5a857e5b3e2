/** Hosted zones: created with their SOA and NS records, described, given to VPCs, deleted when nothing else is in them. */
import type {
  AssociateVpc,
  CreateHostedZone,
  DeleteHostedZone,
  DisassociateVpc,
  UpdateHostedZoneComment,
} from './commands.ts';
import { existingZone } from './find.ts';
import { canonicalName, NameProblem, WILDCARD } from './names.ts';
import { QUOTAS } from './quotas.ts';
import type { HostedZone, Vpc } from './records.ts';
import { accepted, type LogPlace, type Route53Result, refuse } from './result.ts';
import { type Route53Tables, zoneKey } from './tables.ts';

export const applyZones = {
  CreateHostedZone: createHostedZone,
  UpdateHostedZoneComment: updateComment,
  DeleteHostedZone: deleteHostedZone,
  AssociateVpc: associateVpc,
  DisassociateVpc: disassociateVpc,
};

const NS_TTL = 172_800;
const SOA_TTL = 900;
/** The records of a zone that come and go with it. */
const OWN_RECORD_SETS = 2;

function createHostedZone(
  tables: Route53Tables,
  command: CreateHostedZone,
  { now, seq }: LogPlace,
): Route53Result<'CreateHostedZone'> {
  const { accountId, zoneId, callerReference, comment, vpc, nameServers, changeId } = command;
  const name = zoneName(command.name);
  if (tables.zoneByReference(accountId, callerReference) !== undefined) {
    refuse(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${callerReference}`,
    );
  }
  if (tables.count(accountId).zones >= QUOTAS.HostedZonesPerAccount)
    refuse('TooManyHostedZones', `Number of hosted zones limit of ${QUOTAS.HostedZonesPerAccount} exceeded.`);
  if (vpc !== undefined) refuseConflict(tables, accountId, name, vpc);
  const zone: HostedZone = {
    ...{ id: zoneId, accountId, name, callerReference, comment },
    ...(vpc === undefined ? {} : { vpcs: [vpc] }),
    ...{ nameServers, recordSetCount: OWN_RECORD_SETS, createdAt: now, seq, tags: [] },
  };
  tables.putZone(zone);
  const values = nameServers.map(server => `${server}.`);
  tables.putRecordSet(zoneId, { name, type: 'NS', ttl: NS_TTL, values });
  const soa = `${values[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  tables.putRecordSet(zoneId, { name, type: 'SOA', ttl: SOA_TTL, values: [soa] });
  return accepted({ zone, change: tables.addChange({ id: changeId, accountId, submittedAt: now }) });
}

function zoneName(text: string): string {
  try {
    const name = canonicalName(text);
    if (name !== '.' && !name.startsWith(`${WILDCARD}.`)) return name;
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error;
    return refuse('InvalidDomainName', `${text} is not a valid domain name: ${error.description}.`);
  }
  return refuse('InvalidDomainName', `${text} is not the name of a domain that can have a hosted zone.`);
}

/** A VPC sees one private zone of a name. */
function refuseConflict(tables: Route53Tables, accountId: string, name: string, vpc: Vpc): void {
  const isTaken = tables
    .zonesAt(name)
    .some(zone => zone.accountId === accountId && zone.vpcs?.some(other => isSameVpc(other, vpc)) === true);
  if (isTaken) {
    refuse(
      'ConflictingDomainExists',
      `The VPC ${vpc.id} in region ${vpc.region} has already been associated with a hosted zone with the same domain name.`,
    );
  }
}

const isSameVpc = (a: Vpc, b: Vpc): boolean => a.id === b.id && a.region === b.region;

function updateComment(
  tables: Route53Tables,
  { accountId, zoneId, comment }: UpdateHostedZoneComment,
): Route53Result<'UpdateHostedZoneComment'> {
  const zone = { ...existingZone(tables, accountId, zoneId), comment };
  tables.putZone(zone);
  return accepted(zone);
}

function deleteHostedZone(
  tables: Route53Tables,
  { accountId, zoneId, changeId }: DeleteHostedZone,
  { now }: LogPlace,
): Route53Result<'DeleteHostedZone'> {
  const zone = existingZone(tables, accountId, zoneId);
  if (zone.recordSetCount > OWN_RECORD_SETS) {
    refuse(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    );
  }
  for (const { set } of [...tables.recordSets.withPrefix(zoneKey(zoneId))]) tables.deleteRecordSet(zoneId, set);
  tables.deleteZone(zone);
  return accepted(tables.addChange({ id: changeId, accountId, submittedAt: now }));
}

function associateVpc(
  tables: Route53Tables,
  { accountId, zoneId, vpc, changeId, comment }: AssociateVpc,
  { now }: LogPlace,
): Route53Result<'AssociateVpc'> {
  const zone = existingZone(tables, accountId, zoneId);
  if (zone.vpcs === undefined)
    return refuse('PublicZoneVPCAssociation', `The hosted zone ${zoneId} is public: VPCs belong to private ones.`);
  refuseConflict(tables, accountId, zone.name, vpc);
  if (zone.vpcs.length >= QUOTAS.VpcsPerZone)
    refuse('LimitsExceeded', `Number of VPCs limit of ${QUOTAS.VpcsPerZone} of a hosted zone exceeded.`);
  tables.putZone({ ...zone, vpcs: [...zone.vpcs, vpc] });
  return accepted(tables.addChange({ id: changeId, accountId, submittedAt: now, ...(comment ? { comment } : {}) }));
}

function disassociateVpc(
  tables: Route53Tables,
  { accountId, zoneId, vpc, changeId, comment }: DisassociateVpc,
  { now }: LogPlace,
): Route53Result<'DisassociateVpc'> {
  const zone = existingZone(tables, accountId, zoneId);
  const vpcs = zone.vpcs?.filter(other => !isSameVpc(other, vpc));
  if (vpcs === undefined || vpcs.length === zone.vpcs?.length)
    return refuse('VPCAssociationNotFound', `The VPC ${vpc.id} and hosted zone ${zoneId} are not associated.`);
  if (vpcs.length === 0)
    refuse(
      'LastVPCAssociation',
      `The VPC ${vpc.id} is the last one of hosted zone ${zoneId}; delete the zone instead.`,
    );
  tables.putZone({ ...zone, vpcs });
  return accepted(tables.addChange({ id: changeId, accountId, submittedAt: now, ...(comment ? { comment } : {}) }));
}
