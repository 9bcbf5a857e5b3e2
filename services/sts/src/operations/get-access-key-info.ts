/** Says whose account an access key belongs to; not whether it is still good for anything. */
import { accountOfSessionKey } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { validationError } from '../errors.ts';
import { refuseOwnSessions } from '../own-sessions.ts';

export const getAccessKeyInfo = operation<StsClient, 'GetAccessKeyInfo', StsDeps>({
  name: 'GetAccessKeyInfo',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['AWS reads the account from any access key id; here keys of users are looked up, and unknown after deletion.'],
  handle({ AccessKeyId }, { principal }, { iam }) {
    refuseOwnSessions('GetAccessKeyInfo', principal);
    const account = accountOfSessionKey(AccessKeyId) ?? iam.view.accessKey(AccessKeyId)?.accountId;
    if (account === undefined) throw validationError('The access key ID is not valid.');
    return { Account: account };
  },
});
