/** Finding what a call is about, within its account. */
import type { HealthCheck, HostedZone } from '@stormglass/hosted-zones';
import type { Call } from '@stormglass/service-kit';
import type { Route53Deps } from './deps.ts';
import { noSuchHealthCheck, noSuchHostedZone } from './errors.ts';
import { plainId } from './ids.ts';

export function findZone({ replica }: Route53Deps, { accountId }: Call, id: string): HostedZone {
  const zone = replica.view.zone(plainId(id));
  if (zone?.accountId !== accountId) throw noSuchHostedZone(plainId(id));
  return zone;
}

export function findHealthCheck({ replica }: Route53Deps, { accountId }: Call, id: string): HealthCheck {
  const check = replica.view.healthCheck(plainId(id));
  if (check?.accountId !== accountId) throw noSuchHealthCheck(plainId(id));
  return check;
}

/**
 * Finds for a local read. What is not here may have been made in another zone a moment ago, so the zone catches up once
 * before it says so; without a quorum it says so at once.
 */
export async function findHere<Found>({ replica }: Route53Deps, { deadline }: Call, find: () => Found): Promise<Found> {
  try {
    return find();
  } catch {
    await replica.upToDate(deadline).catch(() => {});
    return find();
  }
}
