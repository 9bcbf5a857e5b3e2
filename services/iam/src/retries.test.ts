/** A retried write gets the answer of its first attempt, whatever the second one drew. */
import { CreateAccessKeyCommand, CreateUserCommand, type IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type IamHost, startIamHost } from './testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

type Middleware = Extract<Parameters<IAMClient['middlewareStack']['add']>[0], (next: never, context: never) => unknown>;

/** Gives every call of `client` the same invocation id, as attempts of one call have. */
function withInvocation(client: IAMClient, id: string): IAMClient {
  const setId: Middleware = next => args => {
    (args.request as { headers: Record<string, string> }).headers['amz-sdk-invocation-id'] = id;
    return next(args);
  };
  client.middlewareStack.addRelativeTo(
    setId,
    // Behind the middleware that draws an id, before the one that signs.
    { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'fixedInvocation' },
  );
  return client;
}

const root = (id: string) => withInvocation(host.client({ accessKeyId: '123456789012', secretAccessKey: 'test' }), id);

it('answers CreateUser and CreateAccessKey as the first time', async () => {
  const client = root('call-1');
  const first = await client.send(new CreateUserCommand({ UserName: 'once' }));
  const again = await client.send(new CreateUserCommand({ UserName: 'once' }));
  expect(again.User).toEqual(first.User);

  const key = await client.send(new CreateAccessKeyCommand({ UserName: 'once' }));
  const sameKey = await client.send(new CreateAccessKeyCommand({ UserName: 'once' }));
  expect(sameKey.AccessKey).toEqual(key.AccessKey);
  const mine = host.client({
    accessKeyId: sameKey.AccessKey!.AccessKeyId!,
    secretAccessKey: sameKey.AccessKey!.SecretAccessKey!,
  });
  await expect(mine.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('takes another call for another call', async () => {
  await root('call-2').send(new CreateUserCommand({ UserName: 'twice' }));
  await expect(root('call-3').send(new CreateUserCommand({ UserName: 'twice' }))).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
  });
  // The same id with other contents is no retry either.
  const other = await root('call-2').send(new CreateUserCommand({ UserName: 'thrice' }));
  expect(other.User?.UserName).toBe('thrice');
});
