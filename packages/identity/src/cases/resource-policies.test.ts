/** Policies of resources: whom they name, and what that grants inside one account. */
import { describe, expect, it } from 'vitest';
import { canonicalUserId } from '../principal-matcher.ts';
import {
  ALICE,
  AWAY,
  allow,
  answer,
  BOB,
  deny,
  GUEST,
  GUEST_OF_ROOT,
  HOME,
  LAMBDA,
  PROVIDER,
  type Question,
  ROOT,
  SESSION,
  STRANGER,
  TOKEN_HOLDER,
} from '../testing/question.ts';

const statement = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const granting = (Principal: unknown) => ({ Effect: 'Allow', ...statement, Principal });
const refusing = (Principal: unknown) => ({ Effect: 'Deny', ...statement, Principal });
const sparing = (NotPrincipal: unknown) => ({ Effect: 'Deny', ...statement, NotPrincipal });
const ACCOUNT_ARN = `arn:aws:iam::${HOME}:root`;
const GRANTED = 'allowed: resource';

// AWS JSON policy elements: Principal, and Policy evaluation logic, "Resource-based policies".
describe('Principal', () => {
  const cases: readonly (readonly [what: string, who: Question['who'], principal: unknown, expected: string])[] = [
    ['a user by ARN', BOB, { AWS: BOB.arn }, GRANTED],
    ['a user with a path', ALICE, { AWS: ALICE.arn }, GRANTED],
    ['a user without its path', ALICE, { AWS: `arn:aws:iam::${HOME}:user/alice` }, 'lacking: identity'],
    ['a user in another case', BOB, { AWS: `arn:aws:iam::${HOME}:user/Bob` }, 'lacking: identity'],
    ['another user', BOB, { AWS: ALICE.arn }, 'lacking: identity'],
    ['a user by unique id', BOB, { AWS: BOB.userId }, GRANTED],
    ['one of several', BOB, { AWS: [ALICE.arn, BOB.arn] }, GRANTED],
    ['the account only delegates', BOB, { AWS: ACCOUNT_ARN }, 'lacking: identity'],
    ['the account by its number only delegates', BOB, { AWS: HOME }, 'lacking: identity'],
    ['another account', BOB, { AWS: AWAY }, 'lacking: identity'],
    ['everyone', BOB, '*', GRANTED],
    ['everyone, the other spelling', BOB, { AWS: '*' }, GRANTED],
    ['a session by ARN', SESSION, { AWS: SESSION.arn }, GRANTED],
    [
      'another session of the role',
      SESSION,
      { AWS: `arn:aws:sts::${HOME}:assumed-role/reader/tuesday` },
      'lacking: identity',
    ],
    ['the role of a session', SESSION, { AWS: SESSION.roleArn }, GRANTED],
    ['the role by unique id', SESSION, { AWS: SESSION.roleId }, GRANTED],
    ['the role without its path', SESSION, { AWS: `arn:aws:iam::${HOME}:role/reader` }, 'lacking: identity'],
    ['a federated user by ARN', GUEST, { AWS: GUEST.arn }, GRANTED],
    ['the account of root', ROOT, { AWS: ACCOUNT_ARN }, GRANTED],
    ['a service', LAMBDA, { Service: 'lambda.amazonaws.com' }, GRANTED],
    ['one of several services', LAMBDA, { Service: ['s3.amazonaws.com', 'lambda.amazonaws.com'] }, GRANTED],
    ['another service', LAMBDA, { Service: 's3.amazonaws.com' }, 'lacking: resource'],
    ['a user is no service', BOB, { Service: 'lambda.amazonaws.com' }, 'lacking: identity'],
    ['everyone means services as well', LAMBDA, '*', GRANTED],
    ['a stranger by everyone', STRANGER, '*', GRANTED],
    ['a stranger by everyone, the other spelling', STRANGER, { AWS: '*' }, GRANTED],
    ['a stranger otherwise', STRANGER, { AWS: HOME }, 'lacking: resource'],
    ['a token of the provider', TOKEN_HOLDER, { Federated: PROVIDER }, GRANTED],
    ['a token of another provider', TOKEN_HOLDER, { Federated: 'accounts.google.com' }, 'lacking: resource'],
    ['a user is not federated', BOB, { Federated: PROVIDER }, 'lacking: identity'],
    ['an account by its canonical user', BOB, { CanonicalUser: canonicalUserId(HOME) }, 'lacking: identity'],
    ['kinds together', SESSION, { Service: 's3.amazonaws.com', AWS: SESSION.arn }, GRANTED],
  ];
  it.each(cases)('%s', (_what, who, principal, expected) => {
    expect(answer({ who: who!, on: [granting(principal)] })).toBe(expected);
  });

  it.each([
    ['by number', { AWS: HOME }],
    ['by ARN', { AWS: ACCOUNT_ARN }],
    ['by canonical user', { CanonicalUser: canonicalUserId(HOME) }],
  ])('an account named %s lets its own policies decide', (_what, principal) => {
    expect(answer({ on: [granting(principal)], identity: [allow('s3:*')] })).toBe('allowed: identity+resource');
  });

  it.each([
    ['a user', BOB, { AWS: BOB.arn }],
    ['an account', BOB, { AWS: HOME }],
    ['everyone', BOB, '*'],
    ['a role', SESSION, { AWS: SESSION.roleArn }],
    ['a session', SESSION, { AWS: SESSION.arn }],
    ['root', ROOT, { AWS: ACCOUNT_ARN }],
    ['the account of a canonical user', BOB, { CanonicalUser: canonicalUserId(HOME) }],
    ['the user behind a federated user', GUEST, { AWS: BOB.arn }],
  ])('a denial of %s denies', (_what, who, principal) => {
    expect(
      answer({
        who,
        on: [refusing(principal)],
        identity: [allow('*')],
        ...(who === GUEST ? { session: [allow('*')] } : {}),
      }),
    ).toBe('denied: resource');
  });
});

// AWS JSON policy elements: NotPrincipal, "Specifying NotPrincipal with Deny".
describe('NotPrincipal', () => {
  const cases: readonly (readonly [what: string, who: Question['who'], spared: unknown, expected: string])[] = [
    ['spares a user named with its account', BOB, { AWS: [BOB.arn, ACCOUNT_ARN] }, 'allowed: identity'],
    ['not a user named without its account', BOB, { AWS: BOB.arn }, 'denied: resource'],
    ['not the others of the account', ALICE, { AWS: [BOB.arn, ACCOUNT_ARN] }, 'denied: resource'],
    ['spares root when the account is named', ROOT, { AWS: ACCOUNT_ARN }, 'allowed: root'],
    ['not root when only a user is', ROOT, { AWS: BOB.arn }, 'denied: resource'],
    [
      'spares a session named with role and account',
      SESSION,
      { AWS: [SESSION.arn, SESSION.roleArn, HOME] },
      'allowed: identity',
    ],
    ['not a session named without its role', SESSION, { AWS: [SESSION.arn, HOME] }, 'denied: resource'],
    ['not a session whose role alone is named', SESSION, { AWS: [SESSION.roleArn, HOME] }, 'denied: resource'],
    ['spares a service it names', LAMBDA, { Service: 'lambda.amazonaws.com' }, 'lacking: resource'],
    ['not another service', LAMBDA, { Service: 's3.amazonaws.com' }, 'denied: resource'],
    ['not strangers', STRANGER, { AWS: HOME }, 'denied: resource'],
  ];
  it.each(cases)('%s', (_what, who, spared, expected) => {
    expect(answer({ who: who!, on: [sparing(spared)], identity: [allow('*')] })).toBe(expected);
  });
});

// Policy evaluation logic: the table "Resource-based policies and implicit denies in other policy types (same account)".
describe('a grant, and other policies that do not allow', () => {
  const other = allow('sqs:*');
  const cases: readonly (readonly [what: string, question: Question, expected: string])[] = [
    ['user, no identity policy', { on: [granting({ AWS: BOB.arn })] }, GRANTED],
    ['user, boundary', { on: [granting({ AWS: BOB.arn })], boundary: other }, GRANTED],
    ['everyone, boundary', { on: [granting('*')], boundary: other }, GRANTED],
    [
      'account, boundary',
      { on: [granting({ AWS: HOME })], identity: [allow('*')], boundary: other },
      'lacking: boundary',
    ],
    ['role, no identity policy', { who: SESSION, on: [granting({ AWS: SESSION.roleArn })] }, GRANTED],
    [
      'role, boundary',
      { who: SESSION, on: [granting({ AWS: SESSION.roleArn })], boundary: other },
      'lacking: boundary',
    ],
    [
      'role, session policy',
      { who: SESSION, on: [granting({ AWS: SESSION.roleArn })], session: [other] },
      'lacking: session',
    ],
    [
      'role, boundary and session policy that allow',
      { who: SESSION, on: [granting({ AWS: SESSION.roleArn })], boundary: allow('s3:*'), session: [allow('s3:*')] },
      'allowed: boundary+session+resource',
    ],
    ['session, boundary', { who: SESSION, on: [granting({ AWS: SESSION.arn })], boundary: other }, GRANTED],
    ['session, session policy', { who: SESSION, on: [granting({ AWS: SESSION.arn })], session: [other] }, GRANTED],
    [
      'session, both',
      { who: SESSION, on: [granting({ AWS: SESSION.arn })], boundary: other, session: [other] },
      GRANTED,
    ],
    ['federated user, session policy', { who: GUEST, on: [granting({ AWS: GUEST.arn })], session: [other] }, GRANTED],
    ['federated user, no session policy', { who: GUEST, on: [granting({ AWS: GUEST.arn })], session: [] }, GRANTED],
    [
      'user behind a federated user, session policy',
      { who: GUEST, on: [granting({ AWS: BOB.arn })], session: [other] },
      'lacking: session',
    ],
    [
      'user behind a federated user, boundary',
      { who: GUEST, on: [granting({ AWS: BOB.arn })], boundary: other, session: [allow('*')] },
      'lacking: boundary',
    ],
    [
      'user behind a federated user, both allow',
      { who: GUEST, on: [granting({ AWS: BOB.arn })], session: [allow('s3:*')] },
      'allowed: session+resource',
    ],
    ['federated user of root, without session policy', { who: GUEST_OF_ROOT, session: [] }, 'lacking: session'],
    ['federated user of root, with one', { who: GUEST_OF_ROOT, session: [allow('s3:*')] }, 'allowed: session'],
    [
      'a grant to the session, a denial by a session policy',
      { who: SESSION, on: [granting({ AWS: SESSION.arn })], session: [deny('s3:*')] },
      'denied: session',
    ],
    [
      'a grant to the user, a denial by the boundary',
      { on: [granting({ AWS: BOB.arn })], boundary: [allow('*'), deny('s3:*')] },
      'denied: boundary',
    ],
    [
      'a grant to the user, a denial by an identity policy',
      { on: [granting({ AWS: BOB.arn })], identity: [deny('s3:*')] },
      'denied: identity',
    ],
    [
      'a grant and a denial in one policy',
      { on: [granting({ AWS: BOB.arn }), refusing({ AWS: HOME })] },
      'denied: resource',
    ],
    [
      'a grant of another action',
      { on: [{ ...granting({ AWS: BOB.arn }), Action: 's3:PutObject' }] },
      'lacking: identity',
    ],
    [
      'a grant for another resource',
      { on: [{ ...granting({ AWS: BOB.arn }), Resource: 'arn:aws:s3:::c' }] },
      'lacking: identity',
    ],
    [
      'a grant under a condition that fails',
      { on: [{ ...granting('*'), Condition: { Bool: { 'aws:SecureTransport': 'true' } } }] },
      'lacking: identity',
    ],
    [
      'a statement without resource is about the one it is on',
      { on: [{ Effect: 'Allow', Action: 's3:*', Principal: '*' }] },
      GRANTED,
    ],
  ];
  it.each(cases)('%s: %o', (_what, question, expected) => {
    expect(answer(question)).toBe(expected);
  });
});

// "All principals": everyone but one, by condition in place of NotPrincipal.
describe('everyone, under a condition on the principal', () => {
  const allBut = (arn: string) => ({ ...refusing('*'), Condition: { ArnNotEquals: { 'aws:PrincipalArn': arn } } });
  it.each([
    ['the one is spared', BOB, BOB.arn, 'allowed: identity'],
    ['others are denied', ALICE, BOB.arn, 'denied: resource'],
    ['a session is known by its role', SESSION, SESSION.roleArn, 'allowed: identity'],
    ['services have no ARN', LAMBDA, BOB.arn, 'denied: resource'],
  ])('%s', (_what, who, arn, expected) => {
    expect(answer({ who, on: [allBut(arn)], identity: [allow('*')] })).toBe(expected);
  });
});
