/** Writes that stand alone. */
import type { AppliersOf } from './applier.ts';
import { carryOut } from './carry-out.ts';
import { planWrite } from './plan-write.ts';
import { accepted, refusalOr } from './result.ts';

export const applyWrites: AppliersOf<'WriteItems'> = {
  WriteItems(tables, { writes }, context) {
    return accepted(writes.map(write => refusalOr(() => carryOut(tables, planWrite(tables, write, context), context))));
  },
};
