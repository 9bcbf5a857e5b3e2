/** What the log of Route 53 keeps. Records never change: an update stores a new one. */

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Vpc {
  readonly id: string;
  readonly region: string;
}

export interface HostedZone {
  readonly id: string;
  readonly accountId: string;
  /** As Route 53 shows names: lower case, last dot, octal escapes. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string;
  /** VPCs that see a private zone; undefined for a public zone. */
  readonly vpcs?: readonly Vpc[];
  readonly nameServers: readonly string[];
  readonly recordSetCount: number;
  readonly createdAt: number;
  /** Orders zones of one name by age: position in the log. */
  readonly seq: number;
  readonly tags: readonly Tag[];
}

export interface AliasTarget {
  readonly zoneId: string;
  readonly name: string;
  readonly evaluateTargetHealth: boolean;
}

export interface GeoLocation {
  readonly continent?: string;
  /** `*` is every location that no other record set names. */
  readonly country?: string;
  readonly subdivision?: string;
}

/** A record set, its names and type as they are kept. */
export interface RecordSet {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly weight?: number;
  readonly region?: string;
  readonly failover?: 'PRIMARY' | 'SECONDARY';
  readonly multiValue?: boolean;
  readonly geo?: GeoLocation;
  /** In seconds; alias record sets have none. */
  readonly ttl?: number;
  readonly values?: readonly string[];
  readonly alias?: AliasTarget;
  readonly healthCheckId?: string;
}

export interface StoredRecordSet {
  readonly zoneId: string;
  readonly set: RecordSet;
}

export const ENDPOINT_CHECKS = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP'] as const;
export type EndpointCheck = (typeof ENDPOINT_CHECKS)[number];
export type HealthCheckType = EndpointCheck | 'CALCULATED';

export interface HealthCheckConfig {
  readonly type: HealthCheckType;
  readonly ipAddress?: string;
  readonly port?: number;
  readonly resourcePath?: string;
  readonly domainName?: string;
  readonly searchString?: string;
  /** In seconds, 10 or 30. */
  readonly requestInterval?: number;
  readonly failureThreshold?: number;
  readonly measureLatency?: boolean;
  readonly inverted: boolean;
  readonly disabled: boolean;
  readonly enableSni?: boolean;
  readonly regions?: readonly string[];
  /** Of a calculated health check: how many children must be healthy, and which there are. */
  readonly healthThreshold?: number;
  readonly children?: readonly string[];
}

export interface HealthCheck {
  readonly id: string;
  readonly accountId: string;
  readonly callerReference: string;
  readonly version: number;
  readonly config: HealthCheckConfig;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
}

/** A change of a hosted zone. It is in sync once its log entry is committed, which is before anybody can ask for it. */
export interface Change {
  readonly id: string;
  readonly accountId: string;
  readonly submittedAt: number;
  readonly comment?: string;
  /** Position among all changes; the oldest are forgotten first. */
  readonly number: number;
}
