/** How a type of command is applied: it refuses before it stores anything. */
import type { CommandOf, ObjectCommand } from './commands.ts';
import type { ObjectResult } from './result.ts';
import type { IndexTables } from './tables.ts';

/** `now` is the log's time, in ms since the epoch. */
export type Applier<Type extends ObjectCommand['type']> = (
  tables: IndexTables,
  command: CommandOf<Type>,
  now: number,
) => ObjectResult<Type>;

export type AppliersOf<Type extends ObjectCommand['type']> = { readonly [Each in Type]: Applier<Each> };
