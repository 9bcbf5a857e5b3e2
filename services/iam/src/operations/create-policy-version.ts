/** Adds a version to a managed policy, in force at once if wished. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy } from '../permissions.ts';
import { listedVersion } from '../shapes.ts';

export const createPolicyVersion = operation<IamClient, 'CreatePolicyVersion', IamDeps>({
  name: 'CreatePolicyVersion',
  state: 'write',
  permission: onPolicy(),
  async handle({ PolicyArn: policyArn, PolicyDocument: document, SetAsDefault: setAsDefault = false }, call, deps) {
    const { accountId } = call;
    const command = { type: 'CreatePolicyVersion', accountId, policyArn, document, setAsDefault } as const;
    const { version, isDefault } = await execute(deps, call, command);
    return { PolicyVersion: listedVersion({ ...version, isDefault }) };
  },
});
