/** No call fails after the SDK's retries, unless the scenario allows it, and then only until everything has come back. */
import { faultSpans, type Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

export const callsSucceed: Checker = (entries, { mayFail }) => {
  const calls = entries.filter((entry): entry is Operation => entry.type === 'operation');
  const failed = calls.filter(({ outcome }) => outcome !== 'ok');
  const brokenAt = Math.min(...faultSpans(entries).map(({ from }) => from));
  const recoveredAt = entries.find(entry => entry.type === 'recovered')?.at ?? Number.POSITIVE_INFINITY;
  const isAllowed = ({ process, action }: Operation) =>
    typeof mayFail === 'boolean' ? mayFail : mayFail.includes(`${process.replace(/-\d+$/, '')} ${action}`);
  const excused = (call: Operation) => isAllowed(call) && call.until >= brokenAt && call.from <= recoveredAt;
  const problems = failed
    .filter(call => !excused(call))
    .map(({ action, key, from, until, error }) => {
      const when = `${from.toFixed(0)} to ${until.toFixed(0)} ms`;
      return `${action} ${key} failed (${when}): ${error}`;
    });
  return finding('calls', calls.length, problems, { calls: calls.length, failed: failed.length });
};
