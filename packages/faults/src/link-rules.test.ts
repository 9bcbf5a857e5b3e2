/** Rules that come from outside: what is understood, and what is refused in words. */
import { expect, it } from 'vitest';
import { parseLinkRule } from './link-rules.ts';

const places = ['clients', 'a'];
const parse = (rule: Record<string, unknown>) => parseLinkRule('id', rule, places);

it('fills in what is not said', () => {
  expect(parse({ fault: 'latency', to: 'a', settings: { latencyMs: '5' } })).toEqual({
    ...{ id: 'id', fault: 'latency', from: '*', to: 'a', oneWay: false, toxicity: 1, seed: 1 },
    settings: { latencyMs: 5, jitterMs: 0 },
  });
});

it('refuses what it does not understand', () => {
  expect(() => parse({ fault: 'brew' })).toThrow(/^unknown fault brew; known are latency, /);
  expect(() => parse({ fault: 'partition', to: 'mars' })).toThrow('to must be one of *, clients, a; it is mars');
  expect(() => parse({ fault: 'latency', settings: { latencyMs: 1, jitter: 2 } })).toThrow(
    'latency has no setting jitter; known are latencyMs, jitterMs',
  );
  expect(() => parse({ fault: 'partition', settings: { hard: 1 } })).toThrow(/^partition has no setting hard/);
});
