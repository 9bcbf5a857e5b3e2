/** Attaches a managed policy to a user; attaching it twice changes nothing. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { attached, onUser } from '../permissions.ts';

export const attachUserPolicy = operation<IamClient, 'AttachUserPolicy', IamDeps>({
  name: 'AttachUserPolicy',
  state: 'write',
  permission: onUser(attached),
  async handle({ UserName: name, PolicyArn: policyArn }, call, deps) {
    const entity = { kind: 'user', name } as const;
    await execute(deps, call, { type: 'AttachPolicy', accountId: call.accountId, entity, policyArn });
    return {};
  },
});
