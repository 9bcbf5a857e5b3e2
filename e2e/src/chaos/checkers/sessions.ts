/** The data plane goes on: a session that was given out is good in every zone, and is who it was given to. */
import type { Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

export const sessionsHold: Checker = entries => {
  const calls = entries.filter(
    (entry): entry is Operation => entry.type === 'operation' && entry.action === 'identify',
  );
  const answered = calls.filter(({ outcome }) => outcome === 'ok');
  const strangers = answered
    .filter(({ key, value }) => value !== key)
    .map(({ key, value }) => `session ${key} was taken for ${value}`);
  const refused = calls
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ key, error }) => `session ${key} was refused: ${error}`);
  return finding('sessions', answered.length, [...strangers, ...refused], { calls: calls.length });
};
