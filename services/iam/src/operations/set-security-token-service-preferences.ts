/** Chooses the version of the tokens that the global endpoint of STS gives to the account. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';

export const setSecurityTokenServicePreferences = operation<IamClient, 'SetSecurityTokenServicePreferences', IamDeps>({
  name: 'SetSecurityTokenServicePreferences',
  state: 'write',
  permission: { resource: () => '*' },
  async handle({ GlobalEndpointTokenVersion }, call, deps) {
    const version = GlobalEndpointTokenVersion === 'v2Token' ? 2 : 1;
    await execute(deps, call, { type: 'SetTokenVersion', accountId: call.accountId, version });
    return {};
  },
});
