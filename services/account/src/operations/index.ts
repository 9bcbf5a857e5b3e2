/**
 * The operations of Account Management. Differences from AWS that belong to one operation stand in its file, as `gaps`;
 * those of the service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { AccountDeps } from '../deps.ts';
import { disableRegion } from './disable-region.ts';
import { enableRegion } from './enable-region.ts';
import { getRegionOptStatus } from './get-region-opt-status.ts';
import { listRegions } from './list-regions.ts';

export const GAPS: readonly string[] = [
  'There are no contacts, no primary email and no account names to manage.',
  'There are no organizations: `AccountId` is refused, as it is for an account that is in none.',
];

export const OPERATIONS: readonly AnyOperation<AccountDeps>[] = [
  disableRegion,
  enableRegion,
  getRegionOptStatus,
  listRegions,
];
