/** Every checker, in the order of a report. A run has those of its workloads, and those that any history is for. */
import { callsSucceed } from './calls.ts';
import type { Checker } from './checker.ts';
import { goodputRecovers } from './goodput.ts';
import { itemListsAreSerializable } from './item-lists.ts';
import { moneyIsKept } from './money.ts';
import { objectsAreKept } from './objects.ts';
import { readsAreFresh } from './reads.ts';
import { registersAreLinearizable } from './registers.ts';
import { sessionsHold } from './sessions.ts';
import { usersAreKept } from './users.ts';

export const CHECKERS: readonly Checker[] = [
  registersAreLinearizable,
  usersAreKept,
  itemListsAreSerializable,
  moneyIsKept,
  objectsAreKept,
  readsAreFresh,
  sessionsHold,
  callsSucceed,
  goodputRecovers,
];

/** Of whatever was done. */
const OF_ALL: readonly Checker[] = [callsSucceed, goodputRecovers];

/** The checkers of a run with these workloads. */
export const checkersOf = (workloads: readonly { readonly checkers: readonly Checker[] }[]): Checker[] =>
  CHECKERS.filter(check => OF_ALL.includes(check) || workloads.some(({ checkers }) => checkers.includes(check)));
