import { parseAuthorization, type WireRequest } from '@stormglass/aws-wire';
import { IamState } from '@stormglass/identity';
import { LogUnavailable } from '@stormglass/replicated-state';
import { expect, it } from 'vitest';
import { authenticateRequest } from './authentication.ts';

const NOW = Date.UTC(2026, 10, 21);

/** Presents a key that this zone's copy does not know. */
function present(accessKeyId: string, catchUp: () => Promise<void>) {
  const credential = `Credential=${accessKeyId}/20261121/us-east-1/iam/aws4_request`;
  const request: WireRequest = {
    ...{ method: 'POST', path: '/', query: '', body: Buffer.alloc(0) },
    headers: {
      host: 'localhost',
      'x-amz-date': '20261121T000000Z',
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    },
  };
  const { view } = new IamState({ partition: 'aws' });
  const expected = { regions: ['us-east-1'], services: ['iam'] };
  return authenticateRequest(
    request,
    parseAuthorization(request)!,
    'query',
    expected,
    { view, catchUp },
    { region: 'us-east-1', now: NOW },
  );
}

const UNKNOWN = 'AKIAQWERTYUIOPASDFGH';
const lost = () => Promise.reject(new LogUnavailable('not-applied', 'no quorum'));

it('refuses a key that nobody has made', async () => {
  await expect(present(UNKNOWN, async () => {})).rejects.toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
});

it('does not refuse a key that another zone may have made, while nobody can say', async () => {
  await expect(present(UNKNOWN, lost)).rejects.toBeInstanceOf(LogUnavailable);
});

it('refuses at once what cannot be a key', async () => {
  await expect(present('nonsense', lost)).rejects.toMatchObject({ code: 'InvalidClientTokenId' });
});
