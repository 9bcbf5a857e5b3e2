/** Shows an inline policy of a group. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findGroup } from '../entities.ts';
import { noSuchInlinePolicy } from '../errors.ts';
import { onGroup } from '../resource-permissions.ts';
import { encodeDocument } from '../shapes.ts';

export const getGroupPolicy = operation<IamClient, 'GetGroupPolicy', IamDeps>({
  name: 'GetGroupPolicy',
  state: 'strong-read',
  permission: onGroup(),
  handle({ GroupName, PolicyName }, call, deps) {
    const group = findGroup(deps, call, GroupName);
    const policy = group.inlinePolicies.find(({ name }) => name === PolicyName);
    if (policy === undefined) throw noSuchInlinePolicy('group', PolicyName);
    return { GroupName: group.name, PolicyName: policy.name, PolicyDocument: encodeDocument(policy.document) };
  },
});
