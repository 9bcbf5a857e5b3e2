/** Every checker of a run, in the order of a report. */
import { callsSucceed } from './calls.ts';
import type { Checker } from './checker.ts';
import { goodputRecovers } from './goodput.ts';
import { objectsAreKept } from './objects.ts';
import { readsAreFresh } from './reads.ts';
import { registersAreLinearizable } from './registers.ts';
import { sessionsHold } from './sessions.ts';
import { usersAreKept } from './users.ts';

export const CHECKERS: readonly Checker[] = [
  registersAreLinearizable,
  usersAreKept,
  objectsAreKept,
  readsAreFresh,
  sessionsHold,
  callsSucceed,
  goodputRecovers,
];
