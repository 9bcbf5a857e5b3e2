/** The services of a zone by name, and the logs behind them: what can be known without loading any of them. */
import type { ZoneHealth } from '@stormglass/contracts';

/** A host may run some of them only. */
export const SERVICES = [
  'account',
  'acm-pca',
  'acme',
  'cloudtrail',
  'dynamodb',
  'iam',
  'route53',
  's3',
  'sts',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Cells of DynamoDB, in the order of their numbers, from 1: each has some partitions of every table. */
export const CELL_LOGS = ['items-1', 'items-2', 'items-3'] as const;
export type CellLog = (typeof CELL_LOGS)[number];

/** The logs whose state a zone applies, by the service whose state it is. */
const LOGS_OF = {
  acme: ['acme'],
  cloudtrail: ['cloudtrail'],
  dynamodb: [...CELL_LOGS, 'tables'],
  iam: ['iam'],
  route53: ['route53'],
  s3: ['s3'],
} as const satisfies Partial<Record<ServiceName, readonly string[]>>;
export type LogName = (typeof LOGS_OF)[keyof typeof LOGS_OF][number];
export const LOGS: readonly LogName[] = Object.values(LOGS_OF).flat();

/** Logs that the services need; every host applies IAM's, to know who calls and what they may do. */
export const logsOf = (services: readonly ServiceName[]): readonly LogName[] =>
  Object.entries(LOGS_OF).flatMap(([service, logs]) =>
    service === 'iam' || services.includes(service as ServiceName) ? logs : [],
  );

const STATES = ['ok', 'degraded', 'no-quorum'] as const;

/** What is to be said of several logs together. */
export const worstOf = (states: readonly ZoneHealth['log'][]): ZoneHealth['log'] =>
  STATES.findLast(state => states.includes(state)) ?? 'ok';
