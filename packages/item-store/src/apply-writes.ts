/** Writes that stand alone. */
import type { AppliersOf } from './applier.ts';
import { carryOut, spendRefused } from './carry-out.ts';
import { planWrite } from './plan-write.ts';
import { accepted, refusalOr } from './result.ts';

export const applyWrites: AppliersOf<'WriteItems'> = {
  WriteItems(tables, { writes }, context) {
    return accepted(
      writes.map(write => {
        const done = refusalOr(() => carryOut(tables, planWrite(tables, write, context), context));
        if (!done.ok && done.code === 'ConditionalCheckFailedException') spendRefused(tables, write, context);
        return done;
      }),
    );
  },
};
