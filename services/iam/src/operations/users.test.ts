import {
  CreateUserCommand,
  DeleteUserCommand,
  GetUserCommand,
  ListUsersCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, type IamHost, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

it('makes, shows, renames and deletes a user', async () => {
  const tags = [{ Key: 'team', Value: 'blue-green @ home' }];
  const made = await host.root.send(new CreateUserCommand({ UserName: 'bob', Path: '/staff/', Tags: tags }));
  expect(made.User).toMatchObject({
    UserName: 'bob',
    Path: '/staff/',
    Arn: `arn:aws:iam::${ACCOUNT}:user/staff/bob`,
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Tags: tags,
  });
  const shown = await host.root.send(new GetUserCommand({ UserName: 'BOB' }));
  expect(shown.User).toEqual(made.User);
  expect(shown.User?.CreateDate?.getMilliseconds()).toBe(0);
  await host.root.send(new UpdateUserCommand({ UserName: 'bob', NewUserName: 'robert', NewPath: '/' }));
  const renamed = await host.root.send(new GetUserCommand({ UserName: 'robert' }));
  expect(renamed.User).toEqual({
    ...made.User,
    UserName: 'robert',
    Path: '/',
    Arn: `arn:aws:iam::${ACCOUNT}:user/robert`,
  });
  await host.root.send(new DeleteUserCommand({ UserName: 'robert' }));
  await expect(host.root.send(new GetUserCommand({ UserName: 'robert' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The user with name robert cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

it('refuses a name that is taken', async () => {
  await host.root.send(new CreateUserCommand({ UserName: 'Carol' }));
  await expect(host.root.send(new CreateUserCommand({ UserName: 'carol' }))).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'User with name carol already exists.',
    $metadata: { httpStatusCode: 409 },
  });
});

it('shows the root of the account when it names nobody', async () => {
  const { User } = await host.root.send(new GetUserCommand({}));
  expect(User).toMatchObject({ UserId: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root` });
});

it('lists users in pages', async () => {
  for (const name of ['p1', 'p2', 'p3', 'p4', 'p5'])
    await host.root.send(new CreateUserCommand({ UserName: name, Path: '/paged/' }));
  const seen: string[] = [];
  let marker: string | undefined;
  do {
    const page = await host.root.send(new ListUsersCommand({ PathPrefix: '/paged/', MaxItems: 2, Marker: marker }));
    seen.push(page.Users!.map(user => user.UserName).join());
    expect(page.IsTruncated).toBe(page.Marker !== undefined);
    marker = page.Marker;
  } while (marker !== undefined);
  expect(seen).toEqual(['p1,p2', 'p3,p4', 'p5']);
  await expect(host.root.send(new ListUsersCommand({ Marker: 'none' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Invalid Marker.',
  });
});
