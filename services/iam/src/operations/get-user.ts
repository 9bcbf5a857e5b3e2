/** Shows a user, the caller by default; the root of an account sees itself. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findUser, userNameOf } from '../entities.ts';
import { onUser } from '../permissions.ts';
import { shownUser } from '../shapes.ts';

export const getUser = operation<IamClient, 'GetUser', IamDeps>({
  name: 'GetUser',
  state: 'strong-read',
  permission: onUser(),
  gaps: ['The root user of an account shows 1970-01-01 as its creation date and never a `PasswordLastUsed`.'],
  handle(input, call, deps) {
    const { principal } = call;
    if (input.UserName === undefined && principal.kind === 'root') {
      const { arn, userId } = principal;
      // IAM shows no name for a root user.
      return { User: { Path: '/', UserName: undefined, UserId: userId, Arn: arn, CreateDate: new Date(0) } };
    }
    return { User: shownUser(findUser(deps, call, userNameOf(input, call))) };
  },
});
