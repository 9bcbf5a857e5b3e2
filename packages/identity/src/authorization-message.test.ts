import { seededRandom } from '@stormglass/base';
import { expect, it } from 'vitest';
import { openAuthorizationMessage, sealAuthorizationMessage } from './authorization-message.ts';
import { rootPrincipal } from './principal.ts';
import type { TokenKey } from './session-token.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;
const ACCOUNT = '123456789012';
const random = seededRandom(5);
const key: TokenKey = { id: '0000000a', key: Buffer.from(random.bytes(32)).toString('base64'), createdAt: NOW - DAY };
const principal = rootPrincipal('aws', ACCOUNT);
const denied = { principal, action: 'ec2:StopInstances', resource: 'arn:aws:ec2:::instance/i-1', now: NOW };
const decision = { allowed: false, explicit: true, by: 'identity' } as const;
const encoded = sealAuthorizationMessage([key], denied, decision, random)!;

const open = (text: string, account = ACCOUNT, now = NOW) => openAuthorizationMessage([key], text, account, now);

it('says who was refused what, to whoever may decode it', () => {
  expect(JSON.parse(open(encoded)!)).toEqual({
    allowed: false,
    explicitDeny: true,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: ACCOUNT, name: principal.arn, arn: principal.arn },
      action: denied.action,
      resource: denied.resource,
      conditions: { items: [] },
    },
  });
});

it('opens for nobody else, for a day, and unchanged only', () => {
  expect(open(encoded, '000000000000')).toBeUndefined();
  expect(open(encoded, ACCOUNT, NOW + DAY - 1)).toBeDefined();
  expect(open(encoded, ACCOUNT, NOW + DAY)).toBeUndefined();
  const bytes = Buffer.from(encoded, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1 << (i % 8);
    expect(open(changed.toString('base64url'))).toBeUndefined();
    expect(open(bytes.subarray(0, i).toString('base64url'))).toBeUndefined();
  }
  expect(open('no message at all')).toBeUndefined();
});

it('cannot be sealed before there is a key', () => {
  expect(sealAuthorizationMessage([], denied, decision, random)).toBeUndefined();
});
