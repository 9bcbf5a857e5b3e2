/** What hosts and generated documents need of the ACM-PCA service. */
export { createAcmPcaService } from './app.ts';
export type { AcmPcaDeps } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
