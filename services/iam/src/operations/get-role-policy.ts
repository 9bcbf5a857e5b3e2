/** Shows an inline policy of a role. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findRole } from '../entities.ts';
import { noSuchInlinePolicy } from '../errors.ts';
import { onRole } from '../permissions.ts';
import { encodeDocument } from '../shapes.ts';

export const getRolePolicy = operation<IamClient, 'GetRolePolicy', IamDeps>({
  name: 'GetRolePolicy',
  state: 'strong-read',
  permission: onRole(),
  handle({ RoleName, PolicyName }, call, deps) {
    const role = findRole(deps, call, RoleName);
    const policy = role.inlinePolicies.find(({ name }) => name === PolicyName);
    if (policy === undefined) throw noSuchInlinePolicy('role', PolicyName);
    return { RoleName: role.name, PolicyName: policy.name, PolicyDocument: encodeDocument(policy.document) };
  },
});
