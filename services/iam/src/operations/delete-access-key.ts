/** Deletes an access key. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { userNameOf } from '../entities.ts';
import { onUser } from '../permissions.ts';

export const deleteAccessKey = operation<IamClient, 'DeleteAccessKey', IamDeps>({
  name: 'DeleteAccessKey',
  state: 'write',
  permission: onUser(),
  async handle(input, call, deps) {
    const { AccessKeyId: accessKeyId } = input;
    const userName = userNameOf(input, call);
    await execute(deps, call, { type: 'DeleteAccessKey', accountId: call.accountId, userName, accessKeyId });
    return {};
  },
});
