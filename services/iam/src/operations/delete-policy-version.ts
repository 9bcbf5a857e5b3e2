/** Deletes a version of a managed policy that is not in force. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy } from '../permissions.ts';

export const deletePolicyVersion = operation<IamClient, 'DeletePolicyVersion', IamDeps>({
  name: 'DeletePolicyVersion',
  state: 'write',
  permission: onPolicy(),
  async handle({ PolicyArn: policyArn, VersionId: versionId }, call, deps) {
    await execute(deps, call, { type: 'DeletePolicyVersion', accountId: call.accountId, policyArn, versionId });
    return {};
  },
});
