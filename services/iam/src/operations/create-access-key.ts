/** Makes an access key for a user. Its secret is shown in this answer and never again. */
import { iamId, secretKey } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { userNameOf } from '../entities.ts';
import { onUser } from '../permissions.ts';
import { dateOf } from '../shapes.ts';

export const createAccessKey = operation<IamClient, 'CreateAccessKey', IamDeps>({
  name: 'CreateAccessKey',
  state: 'write',
  permission: onUser(),
  gaps: ['Root users have no access keys; the development credentials stand in for them.'],
  async handle(input, call, deps) {
    const key = await execute(deps, call, {
      type: 'CreateAccessKey',
      accountId: call.accountId,
      userName: userNameOf(input, call),
      accessKeyId: iamId(deps.random, 'AKIA'),
      secretAccessKey: secretKey(deps.random),
    });
    return {
      AccessKey: {
        UserName: key.userName,
        AccessKeyId: key.id,
        Status: key.status,
        SecretAccessKey: key.secret,
        CreateDate: dateOf(key.createdAt),
      },
    };
  },
});
