/** Every checker of a run, in the order of a report. */
import { callsSucceed } from './calls.ts';
import type { Checker } from './checker.ts';
import { goodputRecovers } from './goodput.ts';
import { readsAreFresh } from './reads.ts';
import { registersAreLinearizable } from './registers.ts';
import { sessionsHold } from './sessions.ts';
import { usersAreKept } from './users.ts';

export const CHECKERS: readonly Checker[] = [
  registersAreLinearizable,
  usersAreKept,
  readsAreFresh,
  sessionsHold,
  callsSucceed,
  goodputRecovers,
];
