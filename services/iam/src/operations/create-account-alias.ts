/** Gives the account an alias, in place of the one it had. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';

export const createAccountAlias = operation<IamClient, 'CreateAccountAlias', IamDeps>({
  name: 'CreateAccountAlias',
  state: 'write',
  permission: { resource: () => '*' },
  async handle({ AccountAlias: alias }, call, deps) {
    await execute(deps, call, { type: 'CreateAccountAlias', accountId: call.accountId, alias });
    return {};
  },
});
