/** The chassis every service stands on: operations, the request pipeline, the HTTP host, telemetry. */
export * from './admission.ts';
export type { IamReplica } from './authentication.ts';
export { forwardedHeaders, forwardedOrigin, saysOrigin } from './forwarded-request.ts';
export { acceptSocket, createHttpHost, type HttpHostOptions } from './http-host.ts';
export * from './open-telemetry.ts';
export * from './operation.ts';
export { Pipeline, type PipelineOptions } from './pipeline.ts';
export { readBody } from './request-body.ts';
export { type Origin, withKeys } from './request-facts.ts';
export { type Routed, ServiceTable } from './routing.ts';
export * from './service.ts';
export * from './service-errors.ts';
export * from './standalone.ts';
export { issuerOf, standaloneAuthority } from './standalone-authority.ts';
export * from './telemetry.ts';
export { observeAdmission, observeCertificate, observeLog, observeTraffic } from './telemetry-gauges.ts';
export { logTracing } from './telemetry-log.ts';
export * from './traffic.ts';
