/** What hosts and generated documents need of the STS service. */
export { createStsService, type StsOptions } from './app.ts';
export type { StsDeps, StsProfile } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
export { keepTokenKeys, type TokenKeyOptions } from './token-key.ts';
export { issuerFetch } from './web-identity/issuer-fetch.ts';
