/** Work gets done, and what a fault took away comes back: how fast is a figure, that it does is a verdict. */
import { faultSpans } from '../history.ts';
import { longestSilence, perSecond, type Second, usualRate } from '../report/series.ts';
import { type Checker, finding } from './checker.ts';

const RATE_SHARE = 0.5;
/** A single good second may be luck. */
const GOOD_SECONDS = 2;

export const goodputRecovers: Checker = entries => {
  const spans = faultSpans(entries);
  const seconds = perSecond(entries);
  const usual = usualRate(seconds, Math.min(Number.POSITIVE_INFINITY, ...spans.map(({ from }) => from)));
  const recoveredAt = entries.find(entry => entry.type === 'recovered')?.at ?? Number.POSITIVE_INFINITY;
  const after = seconds.filter(({ from }) => from + 1000 > recoveredAt);
  const slowMs = spans.map(({ from }) => slowFor(seconds, from, usual * RATE_SHARE));
  const figures = {
    usualPerSecond: usual,
    okShare: share(seconds),
    longestSilenceMs: longestSilence(entries),
    slowAfterFaultMs: Math.max(0, ...slowMs),
  };
  const problems = usual > 0 && after.length > 0 && !after.some(({ ok }) => ok > 0) ? ['nothing worked any more'] : [];
  return finding('goodput', usual > 0 && after.length > 0 ? 1 : 0, problems, figures);
};

/** How long after `at` fewer operations than `enough` succeeded a second: to the second, rounded up. */
function slowFor(seconds: readonly Second[], at: number, enough: number): number {
  const later = seconds.filter(({ from }) => from + 1000 > at);
  const good = later.findIndex((_, n) => later.slice(n, n + GOOD_SECONDS).every(({ ok }) => ok >= enough));
  if (good === 0) return 0;
  return Math.round((later[good]?.from ?? later.at(-1)?.from ?? at) - at);
}

function share(seconds: readonly { readonly ok: number; readonly failed: number }[]): number {
  const ok = seconds.reduce((sum, each) => sum + each.ok, 0);
  const all = seconds.reduce((sum, each) => sum + each.ok + each.failed, 0);
  return all === 0 ? 0 : ok / all;
}
