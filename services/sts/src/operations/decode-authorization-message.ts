/** Opens the encoded message with which EC2 and its like say why a caller was refused. */
import { openAuthorizationMessage } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { invalidAuthorizationMessage } from '../errors.ts';
import { refuseOwnSessions } from '../own-sessions.ts';

export const decodeAuthorizationMessage = operation<StsClient, 'DecodeAuthorizationMessage', StsDeps>({
  name: 'DecodeAuthorizationMessage',
  state: 'local-read',
  permission: { resource: () => '*' },
  gaps: ['A message can be decoded for a day, and only in the account of the caller who got it.'],
  handle({ EncodedMessage }, { principal, accountId, now }, { iam }) {
    refuseOwnSessions('DecodeAuthorizationMessage', principal);
    const message = openAuthorizationMessage(iam.view.tokenKeys(), EncodedMessage, accountId, now);
    if (message === undefined) throw invalidAuthorizationMessage();
    return { DecodedMessage: message };
  },
});
