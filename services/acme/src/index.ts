/** What hosts need of the ACME service. */
export { type AcmeService, startAcme } from './app.ts';
export type { AcmeOptions, AcmeReplica } from './deps.ts';
export { PREFIX } from './plugin.ts';
export { AcmeState } from './state/state.ts';
