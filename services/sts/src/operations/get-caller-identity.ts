/** Says who the caller is. AWS answers it to everybody: not even an explicit denial counts. */
import { operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';

export const getCallerIdentity = operation<StsClient, 'GetCallerIdentity', StsDeps>({
  name: 'GetCallerIdentity',
  state: 'local-read',
  permission: 'none',
  handle: (_input, { principal: { userId, accountId, arn } }) => ({ UserId: userId, Account: accountId, Arn: arn }),
});
