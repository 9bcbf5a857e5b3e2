/** Temporary credentials as STS answers them. */
import type { Credentials } from '@aws-sdk/client-sts';
import type { SessionClaims, TemporaryCredentials } from '@stormglass/identity';

export const shownCredentials = (sealed: TemporaryCredentials, { expiresAt }: SessionClaims): Credentials => ({
  AccessKeyId: sealed.accessKeyId,
  SecretAccessKey: sealed.secretAccessKey,
  SessionToken: sealed.sessionToken,
  Expiration: new Date(expiresAt * 1000),
});
