/** The services of a zone by name, and the logs behind them: what can be known without loading any of them. */
import type { ZoneHealth } from '@stormglass/contracts';

/** A host may run some of them only. */
export const SERVICES = ['account', 'acm-pca', 'acme', 'cloudtrail', 'iam', 'route53', 's3', 'sts'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The logs whose state a zone applies. */
export const LOGS = ['acme', 'cloudtrail', 'iam', 'route53', 's3'] as const;
export type LogName = (typeof LOGS)[number];

/** Logs that the services need; every host applies IAM's, to know who calls and what they may do. */
export const logsOf = (services: readonly ServiceName[]): readonly LogName[] =>
  LOGS.filter(log => log === 'iam' || services.includes(log));

const STATES = ['ok', 'degraded', 'no-quorum'] as const;

/** What is to be said of several logs together. */
export const worstOf = (states: readonly ZoneHealth['log'][]): ZoneHealth['log'] =>
  STATES.findLast(state => states.includes(state)) ?? 'ok';
