/** Lists the alias of the account, if it has one. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';

export const listAccountAliases = operation<IamClient, 'ListAccountAliases', IamDeps>({
  name: 'ListAccountAliases',
  state: 'strong-read',
  permission: { resource: () => '*' },
  handle(input, call, deps) {
    const alias = deps.replica.view.accountAlias(call.accountId);
    const page = pageOf(alias === undefined ? [] : [alias], name => name, pageRequest('iam:ListAccountAliases', input));
    return { AccountAliases: [...page.items], ...pageMarks('iam:ListAccountAliases', page) };
  },
});
