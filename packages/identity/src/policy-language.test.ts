/** Examples of the IAM User Guide ("Example IAM identity-based policies"), asked the questions the guide answers. */
import { describe, expect, it } from 'vitest';
import { awsManagedPolicies } from './iam/aws-managed-policies.ts';
import { compilePolicyText } from './policy-compiler.ts';
import { parsePolicy } from './policy-document.ts';
import { evaluate } from './policy-evaluator.ts';
import type { UserPrincipal } from './principal.ts';
import { principalContext } from './principal-context.ts';
import { type ContextValue, contextOf } from './request-context.ts';

const ACCOUNT = '123456789012';
const BOB: UserPrincipal = {
  kind: 'user',
  accountId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
  userId: 'AIDABOB',
  userName: 'bob',
  tags: [{ key: 'department', value: 'blue' }],
};

interface Question {
  readonly action: string;
  readonly resource?: string;
  readonly now?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** Whether Bob may, with nothing but this policy. */
function may(document: string | readonly object[], question: Question): boolean {
  const text = typeof document === 'string' ? document : JSON.stringify({ Version: '2012-10-17', Statement: document });
  const now = Date.parse(question.now ?? '2026-01-01T00:00:00Z');
  const context = principalContext({
    principal: BOB,
    resourceAccount: ACCOUNT,
    now,
    context: contextOf(question.context ?? {}),
  });
  const { action, resource = '*' } = question;
  const identity = [compilePolicyText(text, 'inline')];
  return evaluate({ identity }, { action, resource, resourceAccount: ACCOUNT, principal: BOB, context }).allowed;
}

it('allows access within dates', () => {
  const policy = [
    {
      Effect: 'Allow',
      Action: 'service-prefix:action-name',
      Resource: '*',
      Condition: {
        DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' },
        DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' },
      },
    },
  ];
  const action = 'service-prefix:action-name';
  expect(may(policy, { action, now: '2020-05-01T00:00:00Z' })).toBe(true);
  expect(may(policy, { action, now: '2020-07-01T00:00:00Z' })).toBe(false);
});

it('denies access based on the requested Region', () => {
  const policy = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Sid: 'DenyAllOutsideRequestedRegions',
      Effect: 'Deny',
      NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
    },
  ];
  const inRegion = (region: string) => ({ context: { 'aws:RequestedRegion': region } });
  expect(may(policy, { action: 'ec2:RunInstances', ...inRegion('eu-west-1') })).toBe(true);
  expect(may(policy, { action: 'ec2:RunInstances', ...inRegion('us-east-1') })).toBe(false);
  expect(may(policy, { action: 'iam:CreateUser', ...inRegion('us-east-1') })).toBe(true);
});

it('denies access based on the source IP', () => {
  const policy = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
        Bool: { 'aws:ViaAWSService': 'false' },
      },
    },
  ];
  const from = (ip: string, via = 'false') => ({ context: { 'aws:SourceIp': ip, 'aws:ViaAWSService': via } });
  expect(may(policy, { action: 's3:GetObject', ...from('203.0.113.9') })).toBe(true);
  expect(may(policy, { action: 's3:GetObject', ...from('198.51.100.1') })).toBe(false);
  expect(may(policy, { action: 's3:GetObject', ...from('198.51.100.1', 'true') })).toBe(true);
});

it('gives each user a home folder in a bucket', () => {
  const policy = [
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::bucket',
      Condition: { StringLike: { 's3:prefix': ['', 'home/', `home/\${aws:username}/*`] } },
    },
    {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::bucket/home/\${aws:username}`, `arn:aws:s3:::bucket/home/\${aws:username}/*`],
    },
  ];
  const list = (prefix: string) => ({
    action: 's3:ListBucket',
    resource: 'arn:aws:s3:::bucket',
    context: { 's3:prefix': prefix },
  });
  expect(may(policy, list('home/bob/x'))).toBe(true);
  expect(may(policy, list('home/alice/x'))).toBe(false);
  expect(may(policy, { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/home/bob/a' })).toBe(true);
  expect(may(policy, { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/home/alice/a' })).toBe(false);
});

it('limits the tags a request may bring', () => {
  const policy = [
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'CostCenter'] },
        StringEquals: { 'aws:RequestTag/environment': ['preprod', 'production'] },
      },
    },
  ];
  const tagged = (keys: string[], environment: string) => ({
    action: 'ec2:CreateTags',
    context: { 'aws:TagKeys': keys, 'aws:RequestTag/environment': environment },
  });
  expect(may(policy, tagged(['environment'], 'production'))).toBe(true);
  expect(may(policy, tagged(['environment', 'owner'], 'production'))).toBe(false);
  expect(may(policy, tagged(['environment'], 'test'))).toBe(false);
});

it('compares tags of the principal with tags of the resource', () => {
  const policy = [
    {
      Effect: 'Allow',
      Action: 'rds:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/department': `\${aws:PrincipalTag/department}` } },
    },
  ];
  const of = (department: string) => ({
    action: 'rds:DeleteDBInstance',
    context: { 'aws:ResourceTag/department': department },
  });
  expect(may(policy, of('blue'))).toBe(true);
  expect(may(policy, of('red'))).toBe(false);
});

it('requires a key to be absent with Null', () => {
  const policy = [
    { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Null: { 'aws:TokenIssueTime': 'true' } } },
  ];
  // Bob signs with his own keys, which no token issued.
  expect(may(policy, { action: 's3:GetObject' })).toBe(true);
});

describe('policies managed by AWS', () => {
  const policies = [...awsManagedPolicies('aws').values()];

  it.each(policies.map(policy => [policy.name, policy] as const))('%s is a valid managed policy', (_name, policy) => {
    expect(parsePolicy(policy.document, 'managed').version).toBe('2012-10-17');
    expect(policy.arn).toBe(`arn:aws:iam::aws:policy${policy.path}${policy.name}`);
  });

  it.each([
    ['AdministratorAccess', 'iam:CreateUser', true],
    ['PowerUserAccess', 'ec2:RunInstances', true],
    ['PowerUserAccess', 'iam:CreateUser', false],
    ['PowerUserAccess', 'iam:ListRoles', true],
    ['ReadOnlyAccess', 'dynamodb:GetItem', true],
    ['ReadOnlyAccess', 'dynamodb:PutItem', false],
    ['ReadOnlyAccess', 'secretsmanager:GetSecretValue', false],
    ['SecurityAudit', 's3:GetBucketPolicy', true],
    ['SecurityAudit', 's3:GetObject', false],
    ['IAMReadOnlyAccess', 'iam:GetRole', true],
    ['IAMReadOnlyAccess', 'iam:CreateRole', false],
    ['AmazonS3ReadOnlyAccess', 's3:PutObject', false],
    ['AWSLambdaBasicExecutionRole', 'logs:PutLogEvents', true],
  ])('%s and %s: %s', (name, action, expected) => {
    expect(may(policies.find(policy => policy.name === name)!.document, { action })).toBe(expected);
  });
});
