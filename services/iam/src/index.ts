/** What hosts and generated documents need of the IAM service. */
export { createIamService } from './app.ts';
export type { IamDeps } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
