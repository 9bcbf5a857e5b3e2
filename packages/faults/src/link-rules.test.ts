/** Rules that come from outside: what is understood, and what is refused in words. */
import { expect, it } from 'vitest';
import { parseLinkRule, ruleApplies } from './link-rules.ts';

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

it('names every place, those whose names begin alike, or one', () => {
  const rule = { ...parse({ fault: 'partition' }), from: 'use1-*', to: 'apse2-az1' };
  expect(ruleApplies(rule, 'use1-az2', 'apse2-az1')).toBe(true);
  expect(ruleApplies(rule, 'apse2-az1', 'use1-gateway')).toBe(true);
  expect(ruleApplies(rule, 'use1-az2', 'apse2-az2')).toBe(false);
  expect(ruleApplies(rule, 'use11-az2', 'apse2-az1')).toBe(false);
  expect(ruleApplies({ ...rule, from: '*' }, 'clients', 'apse2-az1')).toBe(true);
});
