/** What hosts and generated documents need of the Route 53 service. */
export { createRoute53Service } from './app.ts';
export type { Route53Deps, Route53Replica } from './deps.ts';
export { type HealthObservations, noObservations, type Observation } from './health-checkers/observation.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
