/** Switches an access key on or off. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { userNameOf } from '../entities.ts';
import { iamError } from '../errors.ts';
import { onUser } from '../permissions.ts';

export const updateAccessKey = operation<IamClient, 'UpdateAccessKey', IamDeps>({
  name: 'UpdateAccessKey',
  state: 'write',
  permission: onUser(),
  async handle(input, call, deps) {
    const { AccessKeyId: accessKeyId, Status: status } = input;
    // The model knows a third status, which only IAM itself gives.
    if (status === 'Expired') throw iamError('InvalidInput', 'The status of an access key cannot be set to Expired.');
    const userName = userNameOf(input, call);
    await execute(deps, call, { type: 'UpdateAccessKey', accountId: call.accountId, userName, accessKeyId, status });
    return {};
  },
});
