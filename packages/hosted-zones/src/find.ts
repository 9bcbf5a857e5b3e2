/** Finding what a command is about, within its account, in the words of Route 53 when it is not there. */
import type { HealthCheck, HostedZone } from './records.ts';
import { refuse } from './result.ts';
import type { Route53Tables } from './tables.ts';

export const noSuchZone = (id: string): string => `No hosted zone found with ID: ${id}`;
export const noSuchCheck = (id: string): string => `No health check exists with the specified ID: ${id}`;

export function existingZone(tables: Route53Tables, accountId: string, id: string): HostedZone {
  const zone = tables.zones.get(id);
  return zone?.accountId === accountId ? zone : refuse('NoSuchHostedZone', noSuchZone(id));
}

export function existingCheck(tables: Route53Tables, accountId: string, id: string): HealthCheck {
  const check = tables.healthChecks.get(id);
  return check?.accountId === accountId ? check : refuse('NoSuchHealthCheck', noSuchCheck(id));
}
