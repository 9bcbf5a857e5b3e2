/** The types of handlers follow the SDK client. What matters here is that this file compiles. */
import { expect, it } from 'vitest';
import type { HandlerOf, Handlers, OperationInput } from './handlers.ts';

type Iam = typeof import('@aws-sdk/client-iam');

interface Context {
  readonly accountId: string;
}

const createUser: HandlerOf<Iam, 'CreateUser', Context> = (input, { accountId }) => {
  // Required members are present, optional ones may not be.
  const name: string = input.UserName;
  const path: string | undefined = input.Path;
  return {
    User: {
      UserName: name,
      Path: path ?? '/',
      UserId: 'AIDA',
      Arn: `arn:aws:iam::${accountId}:user/${name}`,
      CreateDate: new Date(0),
    },
  };
};

const handlers: Handlers<Iam, Context> = { CreateUser: createUser };

export const wrongValue: Handlers<Iam, Context> = {
  // @ts-expect-error The status is one of the model's values.
  ListAccessKeys: () => ({ AccessKeyMetadata: [{ Status: 'Sleeping' }], IsTruncated: false }),
};

// @ts-expect-error There is no such operation.
export const wrongName: Handlers<Iam, Context> = { CreateUnicorn: () => ({}) };

it('derives inputs and outputs from the client', async () => {
  const input: OperationInput<Iam, 'CreateUser'> = { UserName: 'a' };
  const output = await handlers.CreateUser?.(input, { accountId: '123456789012' });
  expect(output?.User?.Arn).toBe('arn:aws:iam::123456789012:user/a');
});
