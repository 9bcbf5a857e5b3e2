/** Opts the account out of a region; its identities there stop working. */
import { operation } from '@stormglass/service-kit';
import { changeRegion } from '../change-region.ts';
import type { AccountClient, AccountDeps } from '../deps.ts';
import { onAccount } from '../regions.ts';

export const disableRegion = operation<AccountClient, 'DisableRegion', AccountDeps>({
  name: 'DisableRegion',
  state: 'write',
  permission: onAccount(),
  handle: (input, call, deps) => changeRegion('DisableRegion', input, call, deps),
});
