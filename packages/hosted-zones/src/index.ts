/** Hosted zones, record sets and health checks: the replicated state of Route 53, and the answers made from it. */
export { hostedZonesAuthority } from './authority.ts';
export type * from './commands.ts';
export { noSuchCheck, noSuchZone } from './find.ts';
export { type EndpointStatus, healthOf } from './health.ts';
export { canonicalName, NameProblem } from './names.ts';
export { QUOTAS } from './quotas.ts';
export * from './records.ts';
export type {
  ChangedZone,
  Refusal,
  Route53ErrorCode,
  Route53Result,
  ValueOf,
} from './result.ts';
export { HostedZonesState } from './state.ts';
export type { HostedZonesView, RecordSetStart } from './view.ts';
export { type AnswerRecord, type Endpoints, type LookupOptions, type ZoneAnswer, ZoneLookup } from './zone-lookup.ts';
