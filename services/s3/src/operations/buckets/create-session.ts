/** Gives credentials for a directory bucket that last a few minutes, so that requests to it are quickly authenticated. */
import { sealSession } from '@stormglass/identity';
import { notOffered, s3Error } from '../../errors.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { sessionClaims } from '../../session-claims.ts';

export const createSession = s3Operation({
  name: 'CreateSession',
  state: 'strong-read',
  permission: PERMISSIONS.CreateSession,
  isDataEvent: true,
  gaps: [
    'The credentials may do whatever their caller may do, and not only in the bucket; sessions that may only read are refused.',
  ],
  handle({ Bucket = '', SessionMode = 'ReadWrite' }, { principal, now }, deps) {
    if (!isDirectoryBucket(Bucket)) throw s3Error('MethodNotAllowed');
    if (SessionMode !== 'ReadWrite') throw notOffered('A session that may only read');
    if (principal.kind === 'anonymous') throw s3Error('AccessDenied');
    const keys = deps.iam.view.tokenKeys();
    if (keys.length === 0) throw s3Error('ServiceUnavailable');
    const claims = sessionClaims(principal, now, deps.region);
    const { accessKeyId, secretAccessKey, sessionToken } = sealSession(keys, claims, deps.random);
    return {
      ServerSideEncryption: 'AES256' as const,
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(claims.expiresAt * 1000),
      },
    };
  },
});
