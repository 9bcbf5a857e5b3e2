/** Settings of an account as a whole. */
import type { SetTokenVersion } from './commands.ts';
import { DONE, type IamResult } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyAccountSettings = { SetTokenVersion: setTokenVersion };

function setTokenVersion(tables: IamTables, command: SetTokenVersion): IamResult<'SetTokenVersion'> {
  const { accountId, version: globalEndpointTokenVersion } = command;
  tables.accountSettings.set(accountId, { ...tables.settingsOf(accountId), globalEndpointTokenVersion });
  return DONE;
}
