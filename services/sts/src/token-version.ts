/** Which version of session token a caller gets: 2 from a region, and from the global endpoint what the account chose. */
import { homeRegionOf } from '@stormglass/base';
import type { UnsignedCall } from '@stormglass/service-kit';
import type { StsDeps } from './deps.ts';

/**
 * What says of a session where it comes from; nothing for tokens of version 1.
 * @param accountId the account that the session belongs to
 */
export function originOf(
  accountId: string,
  { region, partition }: UnsignedCall,
  { iam, profile }: StsDeps,
): { origin?: string } {
  if (profile === 'regional') return { origin: region };
  return iam.view.globalEndpointTokenVersion(accountId) === 1 ? {} : { origin: homeRegionOf(partition) };
}
