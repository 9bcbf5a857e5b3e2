/** What hosts and generated documents need of the Route 53 service. */
export { createRoute53Service } from './app.ts';
export type { Route53Deps, Route53Replica } from './deps.ts';
export { HealthCheckers, type HealthCheckersOptions } from './health-checkers/health-checkers.ts';
export { type NetworkProbeOptions, networkProbe, type ProbeSockets } from './health-checkers/network-probe.ts';
export { type HealthObservations, noObservations, type Observation } from './health-checkers/observation.ts';
export type { Probe, ProbeResult, ProbeTarget } from './health-checkers/probe.ts';
export { systemSockets } from './health-checkers/system-sockets.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
