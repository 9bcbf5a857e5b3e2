/** Deletes a managed policy that is attached to nobody and has only its default version. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy } from '../permissions.ts';

export const deletePolicy = operation<IamClient, 'DeletePolicy', IamDeps>({
  name: 'DeletePolicy',
  state: 'write',
  permission: onPolicy(),
  async handle({ PolicyArn: policyArn }, call, deps) {
    await execute(deps, call, { type: 'DeletePolicy', accountId: call.accountId, policyArn });
    return {};
  },
});
