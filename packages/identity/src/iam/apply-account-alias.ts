/** The alias of an account: unique over all accounts; a new one takes the place of the old. */
import type { CreateAccountAlias, DeleteAccountAlias } from './commands.ts';
import { DONE, type IamResult, refuse } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyAccountAlias = { CreateAccountAlias: createAccountAlias, DeleteAccountAlias: deleteAccountAlias };

/** Lower-case letters, digits and single hyphens within; nothing that could be an account's number. */
const ALIAS = /^(?!\d{12}$)[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/;

function createAccountAlias(tables: IamTables, command: CreateAccountAlias): IamResult<'CreateAccountAlias'> {
  const { accountId, alias } = command;
  if (!ALIAS.test(alias)) refuse('InvalidInput', `The account alias ${alias} is not valid.`);
  // Rare, and accounts with an alias are few: a scan does.
  for (const [, other] of tables.accountAliases.withPrefix(''))
    if (other.alias === alias) refuse('EntityAlreadyExists', `The account alias ${alias} already exists.`);
  tables.accountAliases.set(accountId, { accountId, alias });
  return DONE;
}

function deleteAccountAlias(tables: IamTables, command: DeleteAccountAlias): IamResult<'DeleteAccountAlias'> {
  const { accountId, alias } = command;
  if (tables.accountAliases.get(accountId)?.alias !== alias)
    refuse('NoSuchEntity', `The account alias ${alias} cannot be found.`);
  tables.accountAliases.delete(accountId);
  return DONE;
}
