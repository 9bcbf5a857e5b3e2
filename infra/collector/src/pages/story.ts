/** A trace told in sentences: what was called, what became of it, where it was stored and applied. */
import { type Span, zoneOf } from '../otlp/span.ts';
import type { Trace } from '../store/span-store.ts';
import { duration } from './format.ts';

const SENTENCES_MAX = 60;

export function storyOf({ spans }: Trace): string[] {
  const calls = spans.filter(({ attributes }) => attributes['aws.request_id'] !== undefined);
  const told = calls.flatMap(call => callStory(call, spans));
  const left = told.length - SENTENCES_MAX;
  return left > 0 ? [...told.slice(0, SENTENCES_MAX), `… and ${left} sentences more`] : told;
}

function callStory(call: Span, spans: readonly Span[]): string[] {
  const { attributes: a } = call;
  const attempt = a['aws.sdk.attempt'];
  const max = a['aws.sdk.attempts_max'];
  const which = attempt === undefined ? '' : `, attempt ${attempt}${max === undefined ? '' : ` of ${max} at most`}`;
  const outcome = [a['http.response.status_code'], a['error.type']].filter(Boolean).join(' ');
  const local = a['stormglass.read'] === 'local' ? ', read from the zone’s own copy' : '';
  const commits = spans.filter(span => span.parentId === call.spanId && span.name === 'log.commit');
  return [
    `${call.name} in ${zoneOf(call)}${which}: ${outcome}${local}, after ${duration(call.durationUs)}.`,
    ...commits.flatMap(commit => commitStory(commit, spans)),
  ];
}

function commitStory(commit: Span, spans: readonly Span[]): string[] {
  const { attributes: a } = commit;
  const log = `the log ${a['stormglass.log.name']}`;
  const below = (name: string) => spans.filter(span => span.parentId === commit.spanId && span.name === name);
  const stores = below('log.store');
  const epochs = [...new Set(stores.map(span => span.attributes['stormglass.log.epoch']))].filter(Boolean);
  const epoch = epochs.length === 0 ? '' : `, epoch ${epochs.join(' and ')}`;
  const often = Number(a['stormglass.log.attempts'] ?? 1);
  const position = a['stormglass.log.position'];
  const committed = commit.isError
    ? `Its commit to ${log} failed: ${commit.message ?? 'unknown'}`
    : `Committed to ${log} at position ${position}${epoch}, after ${duration(commit.durationUs)}${often > 1 ? `, proposed ${often} times` : ''}`;
  const stored = stores.length === 0 ? '' : ` Stored in ${when(stores, commit)}.`;
  const applies = below('log.apply').filter(span => span.attributes['stormglass.log.repeated'] !== true);
  const applied = applies.length === 0 ? '' : ` Applied in ${when(applies, commit)}.`;
  return [`${committed}.${stored}${applied}`];
}

/** `use1-az1 (2 ms), use1-az3 (3 ms)`: the zones, and when each was done, counted from the beginning of the commit. */
const when = (spans: readonly Span[], commit: Span): string =>
  spans
    .map(span => `${zoneOf(span)} (${duration(Math.max(0, span.startUs + span.durationUs - commit.startUs))})`)
    .join(', ');
