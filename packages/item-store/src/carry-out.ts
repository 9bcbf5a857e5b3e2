/** Carries out what was planned: what a write does besides changing its item, and what it answers. */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { Write } from './commands.ts';
import { writeUnits } from './index-changes.ts';
import { TABLE } from './index-table.ts';
import type { WritePlan } from './plan-write.ts';
import type { Written } from './result.ts';
import { storeChange } from './store-change.ts';
import { hashOf, storedKey } from './stored-keys.ts';
import type { StoreTables } from './tables.ts';

/** Writes in transactions cost twice (Developer Guide, "Capacity management for transactions"). */
export const TRANSACTION_COST = 2;

export function carryOut(tables: StoreTables, plan: WritePlan, context: ApplyContext, cost = 1): Written {
  storeChange(tables, plan, context);
  spend(tables, plan, context, cost);
  return writtenBy(plan);
}

/** Takes what a write costs from the budgets that there are. */
export function spend({ budgets, heat }: StoreTables, plan: WritePlan, { now }: ApplyContext, cost: number): void {
  const { at, key, before, after, changes } = plan;
  const units = cost * writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0));
  heat.add(at, hashOf(key), units, now);
  if (at.writeUnits !== undefined) budgets.take(at.id, TABLE, at.writeUnits, now, units);
  for (const { rules, units } of changes) {
    const perSecond = rules.definition?.writeUnits;
    if (perSecond !== undefined && units > 0) budgets.take(at.id, rules.id, perSecond, now, cost * units);
  }
}

/** A write whose condition fails costs what the item costs that is there (Developer Guide, "Condition expressions"). */
export function spendRefused({ budgets, items, partitions }: StoreTables, write: Write, { now }: ApplyContext): void {
  const at = partitions.get(write.partition);
  if (at?.writeUnits === undefined) return;
  const key = storedKey(write.op === 'put' ? write.item : write.key, at.schema)!;
  budgets.take(at.id, TABLE, at.writeUnits, now, writeUnits(items.get(at.id, key)?.size ?? 0));
}

export function writtenBy({ before, after, attributes, changes, collection }: WritePlan): Written {
  const indexes = changes.flatMap(({ rules, units }) =>
    rules.definition === undefined || units === 0 ? [] : [[rules.definition.name, units] as const],
  );
  return {
    ok: true,
    before: before?.size ?? 0,
    after: after?.size ?? 0,
    ...(attributes === undefined ? {} : { attributes }),
    ...(indexes.length === 0 ? {} : { indexes: Object.fromEntries(indexes) }),
    ...(collection === undefined ? {} : { collection }),
  };
}
