/** Lists the access keys of a user, without their secrets. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser, userNameOf } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onUser } from '../permissions.ts';
import { dateOf } from '../shapes.ts';

export const listAccessKeys = operation<IamClient, 'ListAccessKeys', IamDeps>({
  name: 'ListAccessKeys',
  state: 'strong-read',
  permission: onUser(),
  handle(input, call, deps) {
    const user = findUser(deps, call, userNameOf(input, call));
    const keys = deps.replica.view.accessKeysOf(user);
    const page = pageOf(keys, byPosition, pageRequest('iam:ListAccessKeys', input));
    const shown = page.items.map(key => ({
      UserName: key.userName,
      AccessKeyId: key.id,
      Status: key.status,
      CreateDate: dateOf(key.createdAt),
    }));
    return { AccessKeyMetadata: shown, ...pageMarks('iam:ListAccessKeys', page) };
  },
});
