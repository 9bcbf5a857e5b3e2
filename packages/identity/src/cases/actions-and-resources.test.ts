/** Which actions and resources a statement is about. */
import { describe, expect, it } from 'vitest';
import { allow, answer, deny, MET, UNMET } from '../testing/question.ts';

// IAM JSON policy elements: Action. "The prefix and the action name are case insensitive."
describe('Action', () => {
  it.each([
    ['s3:GetObject', 's3:GetObject', MET],
    ['s3:getobject', 's3:GetObject', MET],
    ['S3:GETOBJECT', 's3:GetObject', MET],
    ['s3:GetObject', 's3:GetObjectAcl', UNMET],
    ['s3:GetObject', 's3:PutObject', UNMET],
    ['s3:GetObject', 'sqs:GetObject', UNMET],
    ['*', 's3:GetObject', MET],
    ['s3:*', 's3:GetObject', MET],
    ['s3:*', 's3express:GetObject', UNMET],
    ['s3:Get*', 's3:GetObject', MET],
    ['s3:Get*', 's3:PutObject', UNMET],
    ['s3:*Object', 's3:GetObject', MET],
    ['s3:*Object', 's3:GetObjectAcl', UNMET],
    ['iam:*AccessKey*', 'iam:CreateAccessKey', MET],
    ['iam:*AccessKey*', 'iam:ListAccessKeys', MET],
    ['iam:*AccessKey*', 'iam:CreateUser', UNMET],
    ['s3:?etObject', 's3:GetObject', MET],
    ['s3:?etObject', 's3:etObject', UNMET],
    [['sqs:*', 's3:Get*'], 's3:GetObject', MET],
    [['sqs:*', 's3:Get*'], 's3:PutObject', UNMET],
    ['*:*', 's3:GetObject', MET],
  ])('%j and %s: %s', (pattern, action, expected) => {
    expect(answer({ identity: [allow(pattern)], action })).toBe(expected);
  });
});

// IAM JSON policy elements: NotAction. Everything but the list, for either effect.
describe('NotAction', () => {
  const not = (Effect: string, NotAction: unknown, more: object = {}) => ({
    Effect,
    NotAction,
    Resource: '*',
    ...more,
  });
  it.each([
    ['allows what is not listed', not('Allow', 'iam:*'), 's3:GetObject', MET],
    ['does not allow what is listed', not('Allow', 'iam:*'), 'iam:CreateUser', UNMET],
    ['ignores case as well', not('Allow', 'IAM:createuser'), 'iam:CreateUser', UNMET],
    ['takes a list', not('Allow', ['iam:*', 's3:*']), 's3:GetObject', UNMET],
    ['leaves nothing when everything is listed', not('Allow', '*'), 's3:GetObject', UNMET],
    ['is about other services, too', not('Allow', 's3:DeleteBucket'), 'ec2:RunInstances', MET],
  ])('%s', (_what, statement, action, expected) => {
    expect(answer({ identity: [statement], action })).toBe(expected);
  });

  it.each([
    ['denies what is not listed', 's3:GetObject', 'denied: identity'],
    ['spares what is listed', 'iam:CreateVirtualMFADevice', MET],
  ])('with Deny %s', (_what, action, expected) => {
    const mfaOnly = not('Deny', ['iam:*'], { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } });
    expect(answer({ identity: [[allow('*'), mfaOnly]], action })).toBe(expected);
  });
});

// IAM JSON policy elements: Resource. Wildcards inside the segments of an ARN; its case counts.
describe('Resource', () => {
  it.each([
    ['*', 'arn:aws:s3:::b/k', MET],
    ['*', '*', MET],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/k', MET],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/K', UNMET],
    ['arn:aws:s3:::b/k', '*', UNMET],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k', MET],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/', MET],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', UNMET],
    ['arn:aws:s3:::b*', 'arn:aws:s3:::bucket/k', MET],
    ['arn:aws:s3:::b/*/k', 'arn:aws:s3:::b/x/y/k', MET],
    ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/kk', UNMET],
    ['arn:aws:s3:::*', 'arn:aws:s3:::b/k', MET],
    ['arn:aws:s3:::*log*', 'arn:aws:s3:::carlossalazar-logs', MET],
    [['arn:aws:s3:::a', 'arn:aws:s3:::b/k'], 'arn:aws:s3:::b/k', MET],
    ['arn:aws:sqs:*:111122223333:q', 'arn:aws:sqs:us-east-2:111122223333:q', MET],
    ['arn:aws:sqs:us-*:111122223333:q', 'arn:aws:sqs:eu-west-1:111122223333:q', UNMET],
    ['arn:aws:sqs:*:*:q', 'arn:aws:sqs:us-east-2:444455556666:q', MET],
    ['arn:aws:sqs:*:444455556666:q', 'arn:aws:sqs:us-east-2:111122223333:q', UNMET],
    ['arn:aws:sqs:us-east-2:111122223333:*', 'arn:aws:sqs:us-east-2:111122223333:a:b', MET],
    ['arn:aws:iam::111122223333:user/*', 'arn:aws:iam::111122223333:user/staff/alice', MET],
    ['arn:aws:iam::111122223333:user/*', 'arn:aws:iam::111122223333:role/reader', UNMET],
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:user/a:role/x', UNMET],
    ['arn:aws-cn:s3:::b/k', 'arn:aws:s3:::b/k', UNMET],
    ['arn:*:s3:::b/k', 'arn:aws:s3:::b/k', MET],
  ])('%j and %s: %s', (pattern, resource, expected) => {
    expect(answer({ identity: [allow('*', pattern)], resource })).toBe(expected);
  });
});

// IAM JSON policy elements: NotResource.
describe('NotResource', () => {
  const not = (Effect: string, NotResource: unknown) => ({ Effect, Action: '*', NotResource });
  const hr = ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'];
  it.each([
    ['is about what is not listed', [not('Allow', hr)], 'arn:aws:s3:::b/k', MET],
    ['is not about what is listed', [not('Allow', hr)], 'arn:aws:s3:::HRBucket/Payroll/june', UNMET],
    ['denies everything but what is listed', [allow('*'), not('Deny', hr)], 'arn:aws:s3:::b/k', 'denied: identity'],
    ['spares what is listed', [allow('*'), not('Deny', hr)], 'arn:aws:s3:::HRBucket/Payroll', MET],
    ['is about actions without resource', [not('Allow', hr)], '*', MET],
    ['leaves nothing when everything is listed', [not('Allow', '*')], 'arn:aws:s3:::b/k', UNMET],
  ])('%s', (_what, statements, resource, expected) => {
    expect(answer({ identity: [statements], resource })).toBe(expected);
  });
});

// Policy evaluation logic, "The difference between explicit and implicit denies": its example, and its neighbours.
describe('statements together', () => {
  const reports = [allow(['iam:Get*', 'iam:List*']), deny('iam:*Report')];
  const everything = [allow('*')];
  it.each([
    ['allowed by a pattern', [reports], 'iam:GetUser', MET],
    ['not spoken about', [reports], 'iam:CreatePolicy', UNMET],
    ['denied though allowed', [reports], 'iam:GetOrganizationsAccessReport', 'denied: identity'],
    ['denied though another policy allows', [reports, everything], 'iam:GenerateCredentialReport', 'denied: identity'],
    ['denied though allowed later', [[deny('s3:*'), allow('s3:*')]], 's3:GetObject', 'denied: identity'],
    ['a denial of something else', [[deny('s3:PutObject'), allow('s3:*')]], 's3:GetObject', MET],
    ['no policy', [], 's3:GetObject', UNMET],
    ['only a denial of something else', [[deny('s3:PutObject')]], 's3:GetObject', UNMET],
    ['the second policy allows', [[allow('sqs:*')], [allow('s3:*')]], 's3:GetObject', MET],
    ['the third statement allows', [[allow('sqs:*'), allow('sns:*'), allow('s3:*')]], 's3:GetObject', MET],
    [
      'a denial whose condition does not hold',
      [[allow('*'), deny('*', '*', { Condition: { StringEquals: { 'k:k': 'x' } } })]],
      's3:GetObject',
      MET,
    ],
  ])('%s', (_what, identity, action, expected) => {
    expect(answer({ identity, action })).toBe(expected);
  });
});
