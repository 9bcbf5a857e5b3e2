/** Says whose key it is. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { noSuchKey } from '../errors.ts';
import { onKeyOwner } from '../permissions.ts';

export const getAccessKeyLastUsed = operation<IamClient, 'GetAccessKeyLastUsed', IamDeps>({
  name: 'GetAccessKeyLastUsed',
  state: 'strong-read',
  permission: onKeyOwner,
  gaps: ['The use of access keys is not recorded: every key answers as one that was never used.'],
  handle({ AccessKeyId }, call, deps) {
    const key = deps.replica.view.accessKey(AccessKeyId);
    if (key?.accountId !== call.accountId) throw noSuchKey(AccessKeyId);
    // This is how IAM shows a key that was never used.
    return {
      UserName: key.userName,
      AccessKeyLastUsed: { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' },
    };
  },
});
