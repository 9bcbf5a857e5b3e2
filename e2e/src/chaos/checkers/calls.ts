/** No call fails after the SDK's retries, unless the scenario allows it, and then only while something is broken. */
import { faultSpans, type Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

/** Calls that began in a fault may end in its aftermath, in ms. */
const AFTERMATH_MS = 20_000;

export const callsSucceed: Checker = (entries, { mayFail }) => {
  const calls = entries.filter((entry): entry is Operation => entry.type === 'operation');
  const failed = calls.filter(({ outcome }) => outcome !== 'ok');
  const spans = mayFail ? faultSpans(entries) : [];
  const excused = (call: Operation) =>
    spans.some(({ from, until }) => call.until >= from && call.from <= until + AFTERMATH_MS);
  const problems = failed
    .filter(call => !excused(call))
    .map(({ action, key, from, until, error }) => {
      const when = `${from.toFixed(0)} to ${until.toFixed(0)} ms`;
      return `${action} ${key} failed (${when}): ${error}`;
    });
  return finding('calls', calls.length, problems, { calls: calls.length, failed: failed.length });
};
