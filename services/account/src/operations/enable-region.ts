/** Opts the account in to a region. */
import { operation } from '@stormglass/service-kit';
import { changeRegion } from '../change-region.ts';
import type { AccountClient, AccountDeps } from '../deps.ts';
import { onAccount } from '../regions.ts';

export const enableRegion = operation<AccountClient, 'EnableRegion', AccountDeps>({
  name: 'EnableRegion',
  state: 'write',
  permission: onAccount(),
  gaps: ['A region that does not run here stays ENABLING: nobody can bring the identities of the account there.'],
  handle: (input, call, deps) => changeRegion('EnableRegion', input, call, deps),
});
