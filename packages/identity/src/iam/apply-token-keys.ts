/** Keys that seal session tokens. */
import { isSpent } from '../token-key-life.ts';
import type { AddTokenKey } from './commands.ts';
import type { TokenKeyRecord } from './records.ts';
import { accepted, type IamResult } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyTokenKeys = { AddTokenKey: addTokenKey };

/** Keys held at once, whatever happens: a day apart, as they are made, there are never more than four. */
export const TOKEN_KEYS_MAX = 8;

function addTokenKey(tables: IamTables, command: AddTokenKey, now: number): IamResult<'AddTokenKey'> {
  const keys = [...tables.tokenKeys.frozen()];
  const newest = keys.at(-1);
  // Somebody else was first: their key is as good as ours.
  if (newest !== undefined && newest.id !== command.after) return answer(newest);
  // The same key proposed twice, or an id that is already in use, changes nothing either.
  const known = keys.find(key => key.id === command.keyId);
  if (known !== undefined) return answer(newest ?? known);
  const record: TokenKeyRecord = {
    id: command.keyId,
    key: command.key,
    generation: (newest?.generation ?? 0) + 1,
    createdAt: now,
  };
  tables.putTokenKey(record);
  const all = [...keys, record];
  keys.forEach((old, age) => {
    if (isSpent(all[age + 1]!, now) || age + TOKEN_KEYS_MAX < all.length) tables.deleteTokenKey(old);
  });
  return answer(record);
}

/** The key in force, without its secret: results are logged and travel. */
function answer(key: TokenKeyRecord): IamResult<'AddTokenKey'> {
  return accepted({ id: key.id, generation: key.generation, createdAt: key.createdAt });
}
