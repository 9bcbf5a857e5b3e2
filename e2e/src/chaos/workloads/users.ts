/** Users, each created once, and whoever looks for those that exist. */
import { CreateUserCommand, GetUserCommand, paginateListUsers } from '@aws-sdk/client-iam';
import { pick } from '@stormglass/base';
import { MISSING, readsAreFresh } from '../checkers/reads.ts';
import { usersAreKept } from '../checkers/users.ts';
import type { Clients } from '../clients.ts';
import { Refused } from '../history.ts';
import type { Workload } from './workload.ts';

export const users: Workload = {
  name: 'users',
  processes: 3,
  checkers: [usersAreKept],
  begin: ({ name, clients, history }) => {
    let count = 0;
    return () => {
      const key = `${name}-${++count}`;
      return history.operate({ process: name, action: 'create', key }, async () => {
        const { output, found } = await clients.ask(() => clients.iam.send(new CreateUserCommand({ UserName: key })));
        return { ...found, value: output.User?.UserId ?? '' };
      });
    };
  },
};

/** Newest users are looked for most: they are what a zone may not know yet. */
const NEWEST = 4;

export const readers: Workload = {
  name: 'readers',
  processes: 2,
  checkers: [readsAreFresh],
  begin:
    ({ name, clients, random, history }) =>
    async () => {
      if (history.created.length === 0) return;
      const key = pick(random, history.created.slice(-NEWEST));
      await history.operate({ process: name, action: 'find', key }, async () => {
        try {
          const { output, found } = await clients.ask(() => clients.iam.send(new GetUserCommand({ UserName: key })));
          return { ...found, value: output.User?.UserId ?? '' };
        } catch (error) {
          if (!(error instanceof Refused && error.message.startsWith('NoSuchEntity'))) throw error;
          return { ...error.found, value: MISSING };
        }
      });
    },
};

/** Names of all users with their ids, as one zone has them. */
export async function allUsers({ iam: client }: Clients): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { Users = [] } of paginateListUsers({ client, pageSize: 1000 }, {})) {
    for (const { UserName = '', UserId = '' } of Users) found[UserName] = UserId;
  }
  return found;
}
