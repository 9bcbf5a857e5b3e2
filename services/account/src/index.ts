/** What hosts and generated documents need of Account Management. */
export { createAccountService } from './app.ts';
export type { AccountDeps } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
