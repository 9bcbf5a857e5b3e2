import { describe, expect, it } from 'vitest';
import { type PolicyUse, parsePolicy, policySize } from './policy-document.ts';
import { PolicyDocumentError } from './policy-error.ts';

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };

const document = (statement: unknown, more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', ...more, Statement: statement });

function refusal(text: string, use: PolicyUse = 'inline'): string | undefined {
  try {
    parsePolicy(text, use);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyDocumentError);
    return (error as PolicyDocumentError).message;
  }
}

it('brings every element into one form', () => {
  expect(
    parsePolicy(document({ ...STATEMENT, Sid: 'a', Condition: { Bool: { 'aws:SecureTransport': true } } }), 'inline'),
  ).toEqual({
    version: '2012-10-17',
    statements: [
      {
        sid: 'a',
        effect: 'Allow',
        action: { negated: false, patterns: ['s3:GetObject'] },
        resource: { negated: false, patterns: ['arn:aws:s3:::b/*'] },
        conditions: [{ operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] }],
      },
    ],
  });
});

describe('refuses with the words of IAM', () => {
  const without = (name: keyof typeof STATEMENT) => ({ ...STATEMENT, [name]: undefined });

  it.each([
    ['not JSON', 'This policy contains invalid Json', '{'],
    ['a list', 'Syntax errors in policy.', '[]'],
    ['no statement', 'Syntax errors in policy.', '{"Version":"2012-10-17"}'],
    ['an empty list of statements', 'Syntax errors in policy.', document([])],
    ['an unknown version', 'Syntax errors in policy.', document(STATEMENT, { Version: '2020-01-01' })],
    ['an unknown element', 'Syntax errors in policy.', document(STATEMENT, { Foo: 1 })],
    ['an unknown statement element', 'Syntax errors in policy.', document({ ...STATEMENT, Foo: 1 })],
    [
      'an element twice',
      'Syntax errors in policy.',
      document(STATEMENT).replace('"Effect"', '"Effect":"Deny","Effect"'),
    ],
    ['an unknown effect', 'Syntax errors in policy.', document({ ...STATEMENT, Effect: 'Permit' })],
    ['an effect in lower case', 'The policy failed legacy parsing', document({ ...STATEMENT, Effect: 'allow' })],
    [
      'a date that is none',
      'The policy failed legacy parsing',
      document({ ...STATEMENT, Condition: { DateLessThanIfExists: { 'aws:CurrentTime': 'tomorrow' } } }),
    ],
    [
      'a region in a bucket',
      'Resource arn:aws:s3:us-east-1::b can not contain region information.',
      document({ ...STATEMENT, Resource: 'arn:aws:s3:us-east-1::b' }),
    ],
    [
      'an unknown operator',
      'Syntax errors in policy.',
      document({ ...STATEMENT, Condition: { Equals: { 'a:b': '1' } } }),
    ],
    ['both Action and NotAction', 'Syntax errors in policy.', document({ ...STATEMENT, NotAction: 's3:*' })],
    ['no effect', 'Missing required field Effect', document(without('Effect'))],
    ['no action', 'Policy statement must contain actions.', document(without('Action'))],
    ['no resource', 'Policy statement must contain resources.', document(without('Resource'))],
    [
      'an action without service',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      document({ ...STATEMENT, Action: 'GetObject' }),
    ],
    [
      'an action with two colons',
      'Actions/Condition can contain only one colon.',
      document({ ...STATEMENT, Action: 's3:Get:Object' }),
    ],
    ['wildcards in the service of an action', 'Vendor s* is not valid', document({ ...STATEMENT, Action: 's*:Get' })],
    [
      'a region in a resource of IAM',
      'IAM resource arn:aws:iam:us-east-1:123456789012:user/bob cannot contain region information.',
      document({ ...STATEMENT, Resource: 'arn:aws:iam:us-east-1:123456789012:user/bob' }),
    ],
    [
      'an unknown kind of IAM resource',
      'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
      document({ ...STATEMENT, Resource: 'arn:aws:iam::123456789012:users/bob' }),
    ],
    [
      'a condition key without service',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      document({ ...STATEMENT, Condition: { StringEquals: { username: 'x' } } }),
    ],
    [
      'a resource that is no ARN',
      'Resource b/* must be in ARN format or "*".',
      document({ ...STATEMENT, Resource: 'b/*' }),
    ],
    [
      'an unknown partition',
      'Partition "azure" is not valid for resource "arn:azure:s3:::b".',
      document({ ...STATEMENT, Resource: 'arn:azure:s3:::b' }),
    ],
    [
      'a repeated statement id',
      'Statement IDs (SID) in a single policy must be unique.',
      document([
        { ...STATEMENT, Sid: 'a' },
        { ...STATEMENT, Sid: 'a' },
      ]),
    ],
    ['a principal', 'Policy document should not specify a principal.', document({ ...STATEMENT, Principal: '*' })],
  ])('%s', (_what, message, text) => {
    expect(refusal(text)).toBe(message);
  });

  it('a managed policy of 2008', () => {
    const message = 'Policy document must be version 2012-10-17 or greater.';
    expect(refusal(JSON.stringify({ Statement: STATEMENT }), 'managed')).toBe(message);
    expect(refusal(JSON.stringify({ Statement: STATEMENT }), 'inline')).toBeUndefined();
  });

  it.each([
    ['a resource', 'Has prohibited field Resource', { ...TRUST, Resource: '*' }],
    ['no principal', 'Missing required field Principal', { ...TRUST, Principal: undefined }],
    ['no action', 'Missing required field Action', { ...TRUST, Action: undefined }],
    [
      'another action',
      'AssumeRole policy may only specify STS AssumeRole actions.',
      { ...TRUST, Action: 's3:GetObject' },
    ],
    [
      'a principal it does not mean',
      'Has prohibited field NotPrincipal',
      { ...TRUST, Principal: undefined, NotPrincipal: { AWS: '123456789012' } },
    ],
    [
      'a service with a wildcard',
      'Invalid principal in policy: "SERVICE":"*.amazonaws.com"',
      { ...TRUST, Principal: { Service: '*.amazonaws.com' } },
    ],
    [
      'a provider IAM does not know',
      'Invalid principal in policy: "FEDERATED":"login.example.com"',
      { ...TRUST, Principal: { Federated: 'login.example.com' } },
    ],
    [
      'a canonical user that is none',
      'Invalid principal in policy: "CANONICAL":"bob"',
      { ...TRUST, Principal: { CanonicalUser: 'bob' } },
    ],
    ['an empty principal', 'Invalid principal in policy', { ...TRUST, Principal: {} }],
    ['a principal of no kind', 'Invalid principal in policy: "Who"', { ...TRUST, Principal: { Who: '*' } }],
    ['a principal that is no ARN', 'Invalid principal in policy: "AWS":"bob"', { ...TRUST, Principal: { AWS: 'bob' } }],
    [
      'wildcards in a principal',
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"',
      { ...TRUST, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } },
    ],
  ])('a trust policy with %s', (_what, message, statement) => {
    expect(refusal(document(statement), 'trust')).toBe(message);
  });
});

it('lets the policy of a resource leave out the resource, and deny all but some', () => {
  const { Resource: _, ...statement } = STATEMENT;
  expect(refusal(document({ ...statement, Principal: '*' }), 'resource')).toBeUndefined();
  const others = { NotPrincipal: { AWS: '123456789012' } };
  expect(refusal(document({ ...STATEMENT, Effect: 'Deny', ...others }), 'resource')).toBeUndefined();
  expect(refusal(document({ ...STATEMENT, ...others }), 'resource')).toBe('Allow with NotPrincipal is not supported.');
});

it.each(['sts:AssumeRole', 'sts:*', 'sts:TagSession', 'STS:assumerole*'])('lets a trust policy speak of %s', action => {
  expect(refusal(document({ ...TRUST, Action: action }), 'trust')).toBeUndefined();
});

it.each([
  `arn:aws:iam::\${aws:PrincipalAccount}:role/x`,
  'arn:aws:iam:*:*:role/x',
  'arn:aws:iam::123456789012:*',
  'arn:aws:iam::123456789012:r*',
  'arn:aws-cn:s3:::b',
  'arn:aws:s3*',
  '*',
])('takes %s for a resource', resource => {
  expect(refusal(document({ ...STATEMENT, Resource: resource }))).toBeUndefined();
});

it('does not count white space', () => {
  expect(policySize(' { "a" :\n\t1 } ')).toBe(7);
});
