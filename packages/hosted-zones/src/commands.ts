/**
 * The commands of the log of Route 53. Each is complete: ids were drawn by the handler that proposed it, and the time is
 * the log's.
 */
import type { GeoLocation, HealthCheckConfig, Tag, Vpc } from './records.ts';

interface InAccount {
  readonly accountId: string;
}

interface AboutZone extends InAccount {
  readonly zoneId: string;
}

interface Changing {
  readonly changeId: string;
}

export interface CreateHostedZone extends AboutZone, Changing {
  readonly type: 'CreateHostedZone';
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string;
  /** The first VPC of a private zone; absent for a public one. */
  readonly vpc?: Vpc;
  readonly nameServers: readonly string[];
}

export interface UpdateHostedZoneComment extends AboutZone {
  readonly type: 'UpdateHostedZoneComment';
  readonly comment: string;
}

export interface DeleteHostedZone extends AboutZone, Changing {
  readonly type: 'DeleteHostedZone';
}

export interface AssociateVpc extends AboutZone, Changing {
  readonly type: 'AssociateVpc';
  readonly vpc: Vpc;
  readonly comment?: string;
}

export interface DisassociateVpc extends AboutZone, Changing {
  readonly type: 'DisassociateVpc';
  readonly vpc: Vpc;
  readonly comment?: string;
}

/** A record set as somebody asks for it: names in any form, nothing checked. */
export interface RecordSetInput {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly weight?: number;
  readonly region?: string;
  readonly failover?: 'PRIMARY' | 'SECONDARY';
  readonly multiValue?: boolean;
  readonly geo?: GeoLocation;
  readonly ttl?: number;
  readonly values?: readonly string[];
  readonly alias?: { readonly zoneId: string; readonly name: string; readonly evaluateTargetHealth: boolean };
  readonly healthCheckId?: string;
}

export interface RecordSetChange {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly set: RecordSetInput;
}

export interface ChangeRecordSets extends AboutZone, Changing {
  readonly type: 'ChangeRecordSets';
  readonly changes: readonly RecordSetChange[];
  readonly comment?: string;
}

export interface CreateHealthCheck extends InAccount {
  readonly type: 'CreateHealthCheck';
  readonly healthCheckId: string;
  readonly callerReference: string;
  readonly config: HealthCheckConfig;
}

export interface UpdateHealthCheck extends InAccount {
  readonly type: 'UpdateHealthCheck';
  readonly healthCheckId: string;
  /** The version that the caller saw; any if absent. */
  readonly version?: number;
  /** What changes. */
  readonly config: Partial<HealthCheckConfig>;
  readonly reset: readonly ('domainName' | 'regions' | 'resourcePath' | 'children')[];
}

export interface DeleteHealthCheck extends InAccount {
  readonly type: 'DeleteHealthCheck';
  readonly healthCheckId: string;
}

export interface ChangeTags extends InAccount {
  readonly type: 'ChangeTags';
  readonly resource: { readonly kind: 'hostedzone' | 'healthcheck'; readonly id: string };
  readonly add: readonly Tag[];
  readonly remove: readonly string[];
}

export type Route53Command =
  | CreateHostedZone
  | UpdateHostedZoneComment
  | DeleteHostedZone
  | AssociateVpc
  | DisassociateVpc
  | ChangeRecordSets
  | CreateHealthCheck
  | UpdateHealthCheck
  | DeleteHealthCheck
  | ChangeTags;

/** The command of one type. */
export type CommandOf<Type extends Route53Command['type']> = Extract<Route53Command, { type: Type }>;
