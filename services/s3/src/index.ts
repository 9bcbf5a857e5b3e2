/** What hosts and generated documents need of the S3 service. */
export { createS3Service } from './app.ts';
export type { ObjectReplica, S3Deps } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
export { deliverForService, type ServiceDelivery } from './service-deliveries.ts';
export { type S3Upkeep, s3Upkeep } from './upkeep.ts';
