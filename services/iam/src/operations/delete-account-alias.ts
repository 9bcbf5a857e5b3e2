/** Takes the alias away from the account. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';

export const deleteAccountAlias = operation<IamClient, 'DeleteAccountAlias', IamDeps>({
  name: 'DeleteAccountAlias',
  state: 'write',
  permission: { resource: () => '*' },
  async handle({ AccountAlias: alias }, call, deps) {
    await execute(deps, call, { type: 'DeleteAccountAlias', accountId: call.accountId, alias });
    return {};
  },
});
