/** Work gets done, and what a fault took away comes back: how fast is a figure, that it does is a verdict. */
import { faultSpans } from '../history.ts';
import { longestSilence, perSecond, usualRate } from '../report/series.ts';
import { type Checker, finding } from './checker.ts';

const RATE_SHARE = 0.5;

export const goodputRecovers: Checker = entries => {
  const spans = faultSpans(entries);
  const seconds = perSecond(entries);
  const firstFault = Math.min(Number.POSITIVE_INFINITY, ...spans.map(({ from }) => from));
  const lastHealed = Math.max(0, ...spans.map(({ until }) => until));
  const usual = usualRate(seconds, firstFault);
  const slow = seconds.filter(({ from, ok }) => from + 1000 > firstFault && ok < usual * RATE_SHARE);
  const slowUntil = Math.max(firstFault, ...slow.map(({ from }) => from + 1000));
  const after = seconds.filter(({ from }) => from >= lastHealed);
  const figures = {
    usualPerSecond: usual,
    okShare: share(seconds),
    longestSilenceMs: longestSilence(entries),
    ...(spans.length === 0 ? {} : { slowForMs: slow.length === 0 ? 0 : Math.round(slowUntil - firstFault) }),
  };
  const problems = usual > 0 && after.length > 1 && !after.some(({ ok }) => ok > 0) ? ['nothing worked any more'] : [];
  return finding('goodput', usual > 0 && after.length > 1 ? 1 : 0, problems, figures);
};

function share(seconds: readonly { readonly ok: number; readonly failed: number }[]): number {
  const ok = seconds.reduce((sum, each) => sum + each.ok, 0);
  const all = seconds.reduce((sum, each) => sum + each.ok + each.failed, 0);
  return all === 0 ? 0 : ok / all;
}
