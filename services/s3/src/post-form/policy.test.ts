/** Policies of forms: what they let pass, and what is said when they do not. */
import { describe, expect, it } from 'vitest';
import { allowedSize, meetPolicy, meetSize, readPolicy } from './policy.ts';

const NOW = Date.UTC(2026, 0, 1);
const encoded = (document: unknown) => Buffer.from(JSON.stringify(document)).toString('base64');
const policy = (conditions: unknown, expiration = '2026-01-01T00:05:00.000Z') =>
  readPolicy(encoded({ expiration, conditions }));
const meet = (conditions: unknown, fields: Record<string, string>) =>
  meetPolicy(policy(conditions), { bucket: 'photos', fields: new Map(Object.entries(fields)) }, NOW);

describe('readPolicy', () => {
  it.each([
    ['%%%', 'The content of the form does not meet the conditions specified in the policy document.'],
    [Buffer.from('{oops').toString('base64'), 'Invalid Policy: Invalid JSON.'],
    [encoded([]), 'Invalid Policy: Invalid JSON.'],
    [encoded({ conditions: [] }), 'Invalid Policy: Missing expiration.'],
    [encoded({ expiration: 'tomorrow', conditions: [] }), "Invalid Policy: Invalid 'expiration' value: 'tomorrow'"],
    [encoded({ expiration: '2026-01-01T00:05:00Z' }), 'Invalid Policy: Missing conditions.'],
    [
      encoded({ expiration: '2026-01-01T00:05:00Z', conditions: [{ a: 'b', c: 'd' }] }),
      'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    ],
  ])('refuses %s', (given, message) =>
    expect(() => readPolicy(given)).toThrow(expect.objectContaining({ code: 'InvalidPolicyDocument', message })),
  );
});

describe('meetPolicy', () => {
  it.each<[unknown[], Record<string, string>]>([
    [[{ bucket: 'photos' }, ['starts-with', '$key', 'user/']], { key: 'user/a.jpg' }],
    [[['eq', '$Content-Type', 'image/png']], { 'content-type': 'image/png' }],
    [[['starts-with', '$Content-Type', 'image/']], { 'content-type': 'image/png, image/jpeg' }],
    [[['starts-with', '$success_action_redirect', '']], {}],
    [[['content-length-range', 0, 10]], {}],
    [[], { policy: 'x', 'x-amz-signature': 'y', 'x-ignore-this': 'z' }],
  ])('lets %j pass with %j', (conditions, fields) => meet(conditions, fields));

  it.each<[unknown[], Record<string, string>, string]>([
    [[{ acl: 'private' }], { acl: 'public-read' }, 'Policy Condition failed: ["eq", "$acl", "private"]'],
    [[{ acl: 'private' }], {}, 'Policy Condition failed: ["eq", "$acl", "private"]'],
    [[{ bucket: 'other' }], {}, 'Policy Condition failed: ["eq", "$bucket", "other"]'],
    [
      [['starts-with', '$Content-Type', 'image/']],
      { 'content-type': 'image/png,text/html' },
      'Policy Condition failed: ["starts-with", "$Content-Type", "image/"]',
    ],
    [[['contains', '$acl', 'p']], { acl: 'p' }, 'Policy Condition failed: ["contains", "$acl", "p"]'],
    [[['eq', 'acl', 'p']], { acl: 'p' }, 'Policy Condition failed: ["eq", "acl", "p"]'],
    [[['content-length-range', -1, 5]], {}, 'Policy Condition failed: ["content-length-range", -1, 5]'],
    [[['eq', '$key', 'a']], { key: 'a', zeta: '1', alpha: '2' }, 'Extra input fields: alpha, zeta'],
  ])('stops %j with %j', (conditions, fields, message) =>
    expect(() => meet(conditions, fields)).toThrow(
      expect.objectContaining({ code: 'AccessDenied', message: `Invalid according to Policy: ${message}` }),
    ),
  );

  it('ends', () =>
    expect(() => meetPolicy(policy([], '2026-01-01T00:00:00Z'), { bucket: 'photos', fields: new Map() }, NOW)).toThrow(
      'Invalid according to Policy: Policy expired.',
    ));
});

describe('the size of the file', () => {
  const range = allowedSize(
    policy([
      ['content-length-range', 10, '20'],
      ['content-length-range', 5, 100],
    ]),
  );
  it('is within every range', () => expect(range).toEqual({ min: 10, max: 20 }));
  it('is told when it is not', () => {
    meetSize(range, 10);
    meetSize(range, 20);
    expect(() => meetSize(range, 9)).toThrow(
      expect.objectContaining({ code: 'EntityTooSmall', fields: { ProposedSize: 9, MinSizeAllowed: 10 } }),
    );
    expect(() => meetSize(range, 21)).toThrow(
      expect.objectContaining({ code: 'EntityTooLarge', fields: { ProposedSize: 21, MaxSizeAllowed: 20 } }),
    );
  });
});
