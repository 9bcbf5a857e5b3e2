/**
 * The operations of Route 53. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of
 * the service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { Route53Deps } from '../deps.ts';
import { associateVpcWithHostedZone } from './associate-vpc-with-hosted-zone.ts';
import { changeResourceRecordSets } from './change-resource-record-sets.ts';
import { changeTagsForResource } from './change-tags-for-resource.ts';
import { createHealthCheck } from './create-health-check.ts';
import { createHostedZone } from './create-hosted-zone.ts';
import { deleteHealthCheck } from './delete-health-check.ts';
import { deleteHostedZone } from './delete-hosted-zone.ts';
import { disassociateVpcFromHostedZone } from './disassociate-vpc-from-hosted-zone.ts';
import { getAccountLimit } from './get-account-limit.ts';
import { getChange } from './get-change.ts';
import { getCheckerIpRanges } from './get-checker-ip-ranges.ts';
import { getDnssec } from './get-dnssec.ts';
import { getHealthCheck } from './get-health-check.ts';
import { getHealthCheckCount } from './get-health-check-count.ts';
import { getHealthCheckLastFailureReason } from './get-health-check-last-failure-reason.ts';
import { getHealthCheckStatus } from './get-health-check-status.ts';
import { getHostedZone } from './get-hosted-zone.ts';
import { getHostedZoneCount } from './get-hosted-zone-count.ts';
import { getHostedZoneLimit } from './get-hosted-zone-limit.ts';
import { listHealthChecks } from './list-health-checks.ts';
import { listHostedZones } from './list-hosted-zones.ts';
import { listHostedZonesByName } from './list-hosted-zones-by-name.ts';
import { listHostedZonesByVpc } from './list-hosted-zones-by-vpc.ts';
import { listResourceRecordSets } from './list-resource-record-sets.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { listTagsForResources } from './list-tags-for-resources.ts';
import { testDnsAnswer } from './test-dns-answer.ts';
import { updateHealthCheck } from './update-health-check.ts';
import { updateHostedZoneComment } from './update-hosted-zone-comment.ts';

export const GAPS: readonly string[] = [
  'A change is answered by every zone as soon as its log entry is applied there, within a second; AWS takes up to a minute.',
  'Each zone probes every endpoint with three checkers of its own and answers by what most of them see; AWS has checkers in many regions and asks for 18 percent.',
  'Of several public zones of one name, the oldest answers, whoever owns it: nobody delegates.',
  'A private zone is seen by everybody in a region in which it has a VPC; there are no VPCs to be in.',
  'There are no reusable delegation sets, traffic policies, CIDR collections, query logs, DNSSEC keys, registered domains and VPC association authorizations.',
  'Values that break the constraints of the model are refused with ValidationException; AWS answers InvalidInput.',
];

export const OPERATIONS: readonly AnyOperation<Route53Deps>[] = [
  associateVpcWithHostedZone,
  changeResourceRecordSets,
  changeTagsForResource,
  createHealthCheck,
  createHostedZone,
  deleteHealthCheck,
  deleteHostedZone,
  disassociateVpcFromHostedZone,
  getAccountLimit,
  getChange,
  getCheckerIpRanges,
  getDnssec,
  getHealthCheck,
  getHealthCheckCount,
  getHealthCheckLastFailureReason,
  getHealthCheckStatus,
  getHostedZone,
  getHostedZoneCount,
  getHostedZoneLimit,
  listHealthChecks,
  listHostedZones,
  listHostedZonesByName,
  listHostedZonesByVpc,
  listResourceRecordSets,
  listTagsForResource,
  listTagsForResources,
  testDnsAnswer,
  updateHealthCheck,
  updateHostedZoneComment,
];
