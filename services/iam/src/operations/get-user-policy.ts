/** Shows an inline policy of a user. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser } from '../entities.ts';
import { noSuchInlinePolicy } from '../errors.ts';
import { onUser } from '../permissions.ts';
import { encodeDocument } from '../shapes.ts';

export const getUserPolicy = operation<IamClient, 'GetUserPolicy', IamDeps>({
  name: 'GetUserPolicy',
  state: 'strong-read',
  permission: onUser(),
  handle({ UserName, PolicyName }, call, deps) {
    const user = findUser(deps, call, UserName);
    const policy = user.inlinePolicies.find(({ name }) => name === PolicyName);
    if (policy === undefined) throw noSuchInlinePolicy('user', PolicyName);
    return { UserName: user.name, PolicyName: policy.name, PolicyDocument: encodeDocument(policy.document) };
  },
});
