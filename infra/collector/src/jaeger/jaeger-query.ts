/** What a search of Jaeger's query service asks for, from the parameters of its address. */
import type { TraceQuery } from '../store/trace-search.ts';

const LIMIT_USUAL = 20;
const LIMIT_MAX = 1500;

/** A parameter that makes no sense; the message is for whoever sent it. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

/**
 * Reads `service`, `operation`, `tags` (JSON, or `key:value` in repeated `tag`), `start` and `end` (microseconds),
 * `minDuration` and `maxDuration` (`1.2ms`, `300us`, `2s`), `limit`.
 * @throws BadQuery
 */
export function traceQuery(parameters: URLSearchParams): TraceQuery {
  const text = (name: string) => parameters.get(name) || undefined;
  return {
    service: text('service'),
    operation: text('operation'),
    tags: { ...jsonTags(text('tags')), ...Object.fromEntries(parameters.getAll('tag').map(pairOf)) },
    startUs: number('start', text('start')),
    endUs: number('end', text('end')),
    durationMinUs: duration('minDuration', text('minDuration')),
    durationMaxUs: duration('maxDuration', text('maxDuration')),
    limit: Math.min(number('limit', text('limit')) ?? LIMIT_USUAL, LIMIT_MAX),
  };
}

function jsonTags(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, String(value)]));
  } catch {
    throw new BadQuery('`tags` must be a JSON object of texts');
  }
}

function pairOf(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new BadQuery('`tag` must be key:value');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new BadQuery(`\`${name}\` must be a number`);
  return value;
}

const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1000, s: 1e6, m: 60e6, h: 3600e6 };

function duration(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, value, unit] = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)$/.exec(text) ?? [];
  if (value === undefined) throw new BadQuery(`\`${name}\` must be a duration like 1.2ms`);
  return Number(value) * MICROSECONDS[unit!]!;
}
