/** Rules for calls: which call they mean, what becomes of it, and what is refused in words. */
import { describe, expect, it } from 'vitest';
import { CallFaults, type CallRule, type FaultyCall, parseCallRule } from './call-faults.ts';

const ZONE = 'use1-az1';
const CALL: FaultyCall = {
  service: ['IAM', 'iam'],
  operation: 'GetUser',
  access: 'read',
  region: 'us-east-1',
  callerRole: 'reader',
  callerArns: ['arn:aws:sts::123456789012:assumed-role/reader/s1', 'arn:aws:iam::123456789012:role/team/reader'],
};
const UNAVAILABLE = { statusCode: 503, code: 'ServiceUnavailable' };

function faults(rules: readonly CallRule[], latencyMs = 0, zone = ZONE): CallFaults {
  const board = new CallFaults(zone);
  board.replace(
    rules.map((rule, i) => ({ id: `r${i}`, rule: parseCallRule(rule) })),
    latencyMs,
  );
  return board;
}

/** The id of the rule that a call meets. */
const met = (rule: CallRule, call: Partial<FaultyCall> = {}) => faults([rule]).meet({ ...CALL, ...call })?.id;

describe('which calls are meant', () => {
  it.each<[CallRule, boolean]>([
    [{}, true],
    [{ service: 'iam' }, true],
    [{ service: 'sts' }, false],
    [{ operation: 'GetUser' }, true],
    [{ operation: 'GetUsers' }, false],
    [{ access: 'read' }, true],
    [{ access: 'write' }, false],
    [{ region: 'us-east-1', service: 'iam', operation: 'GetUser' }, true],
    [{ region: 'eu-west-1' }, false],
    [{ zone: ZONE }, true],
    [{ zone: 'use1-az2' }, false],
    [{ callerRole: 'reader' }, true],
    [{ callerRole: 'read' }, false],
    [{ callerRole: 'r*d*r' }, true],
    [{ callerRole: 'reader*reader' }, false],
    [{ callerRole: 'arn:aws:iam::*:role/team/*' }, true],
    [{ callerRole: 'arn:aws:sts::123456789012:assumed-role/reader/*' }, true],
    [{ callerRole: 'arn:aws:iam::*:user/*' }, false],
  ])('%j: %s', (rule, isMet) => expect(met(rule) !== undefined).toBe(isMet));

  it('knows a service by all its names', () => {
    for (const service of ['acm-pca', 'acm_pca'])
      expect(met({ service }, { service: ['ACM PCA', 'acm-pca'] })).toBe('r0');
  });

  it('a caller without a role has no role name', () =>
    expect(met({ callerRole: '*' }, { callerRole: undefined })).toBe(undefined));
});

describe('what becomes of them', () => {
  it('the first rule that matches decides', () => {
    const board = faults([{ service: 'sts' }, { operation: 'GetUser', error: { code: 'First' } }, {}]);
    expect(board.meet(CALL)).toEqual({ id: 'r1', delayMs: 0, error: { statusCode: 503, code: 'First' } });
  });

  it('is an error by default, a delay when only that is given, and both when both are', () => {
    expect(faults([{}]).meet(CALL)).toEqual({ id: 'r0', delayMs: 0, error: UNAVAILABLE });
    expect(faults([{ error: { statusCode: 400 } }]).meet(CALL)?.error).toEqual({ ...UNAVAILABLE, statusCode: 400 });
    expect(faults([{ latencyMs: 20 }]).meet(CALL)).toEqual({ id: 'r0', delayMs: 20, error: undefined });
    expect(faults([{ latencyMs: 20, error: {} }], 5).meet(CALL)).toEqual({ id: 'r0', delayMs: 25, error: UNAVAILABLE });
    expect(faults([], 5).meet(CALL)).toEqual({ id: undefined, delayMs: 5, error: undefined });
    expect(faults([]).meet(CALL)).toBe(undefined);
  });

  it('happens as often as the rule says, the same for the same seed, and differently from zone to zone', () => {
    const luck = (zone: string, seed: number) => {
      const board = faults([{ probability: 0.3, seed }], 0, zone);
      return Array.from({ length: 2000 }, () => board.meet(CALL) !== undefined);
    };
    const share = luck(ZONE, 7).filter(Boolean).length / 2000;
    expect(share).toBeGreaterThan(0.26);
    expect(share).toBeLessThan(0.34);
    expect(luck(ZONE, 7)).toEqual(luck(ZONE, 7));
    expect(luck(ZONE, 7)).not.toEqual(luck(ZONE, 8));
    expect(luck(ZONE, 7)).not.toEqual(luck('use1-az2', 7));
  });

  it('goes on where its chance was when other rules come and go', () => {
    const rule = { probability: 0.5, seed: 3 };
    const alone = faults([rule]);
    const disturbed = faults([rule]);
    const take = (board: CallFaults) => board.meet(CALL) !== undefined;
    const expected = Array.from({ length: 40 }, () => take(alone));
    const seen = Array.from({ length: 40 }, (_, i) => {
      const others = i % 2 === 0 ? [] : [{ id: 'other', rule: { service: 'sts' } }];
      disturbed.replace([{ id: 'r0', rule }, ...others], 0);
      return take(disturbed);
    });
    expect(seen).toEqual(expected);
  });
});

describe('what is refused', () => {
  it.each<[unknown, RegExp]>([
    [[], /^a rule must be an object$/],
    ['x', /^a rule must be an object$/],
    [{ foo: 1 }, /^a rule has no field foo; known are service, /],
    [{ region: 'us*' }, /^region must be a text that matches /],
    [{ service: '' }, /^service must be a text/],
    [{ operation: 'Put Item' }, /^operation must be a text/],
    [{ probability: 1.1 }, /^probability must be a number from 0 to 1$/],
    [{ probability: '1' }, /^probability must be a number from 0 to 1$/],
    [{ error: { blah: 1 } }, /^error has no field blah; known are statusCode, code$/],
    [{ error: { statusCode: 300 } }, /^error.statusCode must be a whole number from 400 to 599$/],
    [{ error: { code: '' } }, /^error.code must be a text/],
    [{ latencyMs: 60_001 }, /^latencyMs must be a number from 0 to 60000$/],
    [{ durationMs: 0 }, /^durationMs must be/],
    [{ callerRole: 'a\nb' }, /^callerRole must be a text/],
  ])('%j', (rule, why) => expect(() => parseCallRule(rule)).toThrow(why));

  it('a pattern full of stars costs no more than its length', () => {
    const callerRole = `${'*a'.repeat(127)}b`;
    expect(met({ callerRole }, { callerRole: 'a'.repeat(64) })).toBe(undefined);
  });
});
