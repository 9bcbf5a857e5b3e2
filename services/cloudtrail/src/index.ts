/** What hosts and generated documents need of the CloudTrail service. */
export { createCloudTrailService } from './app.ts';
export type { DeliverLog, LogDelivery } from './delivery/trail-buckets.ts';
export { TrailDelivery } from './delivery/trail-delivery.ts';
export type { CloudTrailDeps, CloudTrailReplica } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
export { recordEvents, recordsOf } from './record-events.ts';
export { CloudTrailState, type CloudTrailView } from './state/state.ts';
