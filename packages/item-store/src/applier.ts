/** How a type of command is applied: it refuses before it stores anything. */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { CommandOf, ItemCommand } from './commands.ts';
import type { ItemResult } from './result.ts';
import type { StoreTables } from './tables.ts';

export type Applier<Type extends ItemCommand['type']> = (
  tables: StoreTables,
  command: CommandOf<Type>,
  context: ApplyContext,
) => ItemResult<Type>;

export type AppliersOf<Type extends ItemCommand['type']> = { readonly [Each in Type]: Applier<Each> };
