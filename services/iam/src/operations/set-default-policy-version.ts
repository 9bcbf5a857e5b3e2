/** Puts a version of a managed policy in force, wherever it is attached. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy } from '../permissions.ts';

export const setDefaultPolicyVersion = operation<IamClient, 'SetDefaultPolicyVersion', IamDeps>({
  name: 'SetDefaultPolicyVersion',
  state: 'write',
  permission: onPolicy(),
  async handle({ PolicyArn: policyArn, VersionId: versionId }, call, deps) {
    await execute(deps, call, { type: 'SetDefaultPolicyVersion', accountId: call.accountId, policyArn, versionId });
    return {};
  },
});
