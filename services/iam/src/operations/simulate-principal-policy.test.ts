import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ACCOUNT,
  allow,
  type IamHost,
  noSuchEntity,
  policy,
  refusal,
  startIamHost,
  trust,
} from '../testing/iam-host.ts';

let host: IamHost;
const BUCKET = 'arn:aws:s3:::reports';
const OBJECT = `${BUCKET}/may.csv`;
const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const invalid = (message: string | RegExp) => refusal('InvalidInputException', 400, message as string);

beforeAll(async () => {
  host = await startIamHost();
  const { root } = host;
  await root.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'team', Value: 'blue' }] }));
  const PolicyDocument = policy(
    allow('s3:GetObject', `${BUCKET}/*`),
    { Effect: 'Deny', Action: 's3:*', Resource: `${BUCKET}/secret/*` },
    allow('s3:ListBucket', BUCKET, { Condition: { StringEquals: { 's3:prefix': [`\${aws:username}/`] } } }),
  );
  await root.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument }));
});
afterAll(() => host.close());

const simulate = (input: Partial<SimulatePrincipalPolicyCommandInput>) =>
  host.root.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn('user/ann'), ActionNames: ['s3:GetObject'], ...input }),
  );

const decisions = async (input: Partial<SimulatePrincipalPolicyCommandInput>) =>
  (await simulate(input)).EvaluationResults!.map(result => result.EvalDecision);

const FIRST = {
  SourcePolicyId: 'user_ann_own',
  SourcePolicyType: 'IAM Policy',
  StartPosition: { Line: 1, Column: 38 },
  EndPosition: { Line: 1, Column: 116 },
};

it('points at the statement that allows', async () => {
  const { EvaluationResults, IsTruncated } = await simulate({ ResourceArns: [OBJECT] });
  expect(IsTruncated).toBe(false);
  expect(EvaluationResults).toEqual([
    {
      EvalActionName: 's3:GetObject',
      EvalResourceName: OBJECT,
      EvalDecision: 'allowed',
      MatchedStatements: [FIRST],
      MissingContextValues: [],
      EvalDecisionDetails: {},
      ResourceSpecificResults: [
        {
          EvalResourceName: OBJECT,
          EvalResourceDecision: 'allowed',
          MatchedStatements: [FIRST],
          MissingContextValues: [],
        },
      ],
    },
  ]);
});

it('leaves out details of resources when all are meant', async () => {
  const { EvaluationResults } = await simulate({});
  expect(EvaluationResults).toEqual([
    {
      EvalActionName: 's3:GetObject',
      EvalResourceName: '*',
      EvalDecision: 'implicitDeny',
      MatchedStatements: [],
      MissingContextValues: [],
    },
  ]);
});

it('gives one result an action, as restrictive as the most restrictive resource', async () => {
  const secret = `${BUCKET}/secret/key`;
  const { EvaluationResults } = await simulate({ ResourceArns: [OBJECT, secret, 'arn:aws:s3:::other/x'] });
  const [result] = EvaluationResults!;
  expect(EvaluationResults).toHaveLength(1);
  expect(result).toMatchObject({ EvalDecision: 'explicitDeny', EvalResourceName: '*' });
  expect(result!.MatchedStatements).toEqual([expect.objectContaining({ StartPosition: FIRST.EndPosition })]);
  expect(result!.ResourceSpecificResults!.map(each => each.EvalResourceDecision)).toEqual([
    'allowed',
    'explicitDeny',
    'implicitDeny',
  ]);
});

it('fills in what follows from the user, takes what is given, and says what is missing', async () => {
  const list = { ActionNames: ['s3:ListBucket'], ResourceArns: [BUCKET] };
  const prefix = (...ContextKeyValues: string[]) => ({
    ContextEntries: [{ ContextKeyName: 'S3:Prefix', ContextKeyValues, ContextKeyType: 'string' as const }],
  });
  const [missing] = (await simulate(list)).EvaluationResults!;
  expect(missing).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['s3:prefix'] });
  expect(await decisions({ ...list, ...prefix('ann/') })).toEqual(['allowed']);
  expect(await decisions({ ...list, ...prefix('bob/') })).toEqual(['implicitDeny']);
  const ContextEntries = [
    ...prefix('bob/').ContextEntries,
    { ContextKeyName: 'aws:username', ContextKeyValues: ['bob'], ContextKeyType: 'string' as const },
  ];
  expect(await decisions({ ...list, ContextEntries })).toEqual(['allowed']);
});

it('takes values of every type, and refuses those that are not of it', async () => {
  const PolicyInputList = [
    policy(
      allow('s3:PutObject', '*', {
        Condition: {
          NumericLessThan: { 's3:max-keys': '10' },
          Bool: { 'aws:SecureTransport': 'true' },
          IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
          DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
          BinaryEquals: { 'my:digest': 'AAECAw==' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] },
          'ForAnyValue:NumericEquals': { 'my:sizes': ['1', '2'] },
        },
      }),
    ),
  ];
  const entry = (ContextKeyName: string, ContextKeyType: string, ...ContextKeyValues: string[]) =>
    ({ ContextKeyName, ContextKeyType, ContextKeyValues }) as never;
  const ContextEntries = [
    entry('s3:max-keys', 'numeric', '9'),
    entry('aws:SecureTransport', 'boolean', 'true'),
    entry('aws:SourceIp', 'ip', '10.1.2.3'),
    entry('aws:CurrentTime', 'date', '2019-12-31T23:59:59Z'),
    entry('my:digest', 'binary', 'AAECAw=='),
    entry('aws:TagKeys', 'stringList', 'b', 'a'),
    entry('my:sizes', 'numericList', '2', '7'),
  ];
  const put = { ActionNames: ['s3:PutObject'], PolicyInputList };
  expect(await decisions({ ...put, ContextEntries })).toEqual(['allowed']);
  const [without] = (await simulate(put)).EvaluationResults!;
  // The current time is known.
  expect(without!.MissingContextValues!.toSorted()).toEqual(
    ['aws:SecureTransport', 'aws:SourceIp', 'aws:TagKeys', 'my:digest', 'my:sizes', 's3:max-keys'].toSorted(),
  );
  for (const [type, value] of [
    ['numeric', 'nine'],
    ['boolean', 'yes'],
    ['ipList', 'nowhere'],
    ['date', 'tomorrow'],
    ['binary', '!'],
  ]) {
    await expect(simulate({ ContextEntries: [entry('my:key', type!, value!)] })).rejects.toMatchObject(
      invalid(`Invalid Input ContextEntries: ${value} is not of type ${type}.`),
    );
  }
});

it('says what a permissions boundary does, the own one or another', async () => {
  const { root } = host;
  await root.send(new CreateUserCommand({ UserName: 'bounded' }));
  const all = policy(allow('*'));
  await root.send(new PutUserPolicyCommand({ UserName: 'bounded', PolicyName: 'all', PolicyDocument: all }));
  const document = policy(allow('s3:*'), { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' });
  const made = await root.send(new CreatePolicyCommand({ PolicyName: 'limits', PolicyDocument: document }));
  const PermissionsBoundary = made.Policy!.Arn!;
  await root.send(new PutUserPermissionsBoundaryCommand({ UserName: 'bounded', PermissionsBoundary }));

  const ask = {
    PolicySourceArn: arn('user/bounded'),
    ActionNames: ['s3:GetObject', 'sqs:SendMessage', 's3:DeleteBucket'],
  };
  const results = (await simulate(ask)).EvaluationResults!;
  expect(results.map(each => [each.EvalDecision, each.PermissionsBoundaryDecisionDetail])).toEqual([
    ['allowed', { AllowedByPermissionsBoundary: true }],
    ['implicitDeny', { AllowedByPermissionsBoundary: false }],
    ['explicitDeny', { AllowedByPermissionsBoundary: false }],
  ]);
  expect(results[2]!.MatchedStatements).toMatchObject([
    { SourcePolicyId: 'limits', SourcePolicyType: 'Permissions Boundary Policy' },
  ]);
  const PermissionsBoundaryPolicyInputList = [policy(allow('sqs:*'))];
  expect(await decisions({ ...ask, PermissionsBoundaryPolicyInputList })).toEqual([
    'implicitDeny',
    'allowed',
    'implicitDeny',
  ]);
  const without = { PolicyExclusionList: [{ PolicyType: 'permission-boundary' as const }] };
  expect(await decisions({ ...ask, ...without })).toEqual(['allowed', 'allowed', 'allowed']);
  await expect(simulate({ PermissionsBoundaryPolicyInputList: [all, all] })).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
});

it('takes the policy of a resource, of the own account and of another', async () => {
  const ResourceArns = [OBJECT.replace('may', 'june')];
  const granting = (Principal: object) => policy({ Effect: 'Allow', Principal, Action: 's3:PutObject', Resource: '*' });
  const put = { ActionNames: ['s3:PutObject'], ResourceArns };
  const ResourcePolicy = granting({ AWS: arn('user/ann') });
  const [own] = (await simulate({ ...put, ResourcePolicy })).EvaluationResults!;
  expect(own).toMatchObject({ EvalDecision: 'allowed', EvalDecisionDetails: {} });
  expect(own!.MatchedStatements).toMatchObject([
    { SourcePolicyId: 'ResourcePolicy', SourcePolicyType: 'Resource Policy' },
  ]);

  const ResourceOwner = 'arn:aws:iam::999999999999:root';
  const [foreign] = (await simulate({ ...put, ResourcePolicy, ResourceOwner })).EvaluationResults!;
  const details = { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' };
  expect(foreign).toMatchObject({ EvalDecision: 'implicitDeny', EvalDecisionDetails: details });
  expect(foreign!.ResourceSpecificResults).toMatchObject([{ EvalDecisionDetails: details }]);
  const PolicyInputList = [policy(allow('s3:PutObject'))];
  const [both] = (await simulate({ ...put, ResourcePolicy, ResourceOwner, PolicyInputList })).EvaluationResults!;
  expect(both).toMatchObject({ EvalDecision: 'allowed' });
  expect(both!.MatchedStatements!.map(each => each.SourcePolicyId)).toEqual(['PolicyInputList.1', 'ResourcePolicy']);

  // As if Bob had Ann's policies.
  const CallerArn = arn('user/bob');
  expect(await decisions({ ...put, ResourcePolicy, CallerArn })).toEqual(['implicitDeny']);
  expect(await decisions({ ...put, ResourcePolicy: granting({ AWS: CallerArn }), CallerArn })).toEqual(['allowed']);
});

it('simulates roles through a session, with their managed policies', async () => {
  const { root } = host;
  await root.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust() }));
  const PolicyDocument = policy(
    allow('sqs:*', '*', { Condition: { ArnEquals: { 'aws:PrincipalArn': arn('role/reader') } } }),
  );
  await root.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'queues', PolicyDocument }));
  const reader = { PolicySourceArn: arn('role/reader'), ActionNames: ['sqs:SendMessage', 's3:GetObject'] };
  expect(await decisions(reader)).toEqual(['allowed', 'implicitDeny']);
  await expect(simulate({ ...reader, ResourcePolicy: policy() })).rejects.toMatchObject(
    invalid('Invalid Input CallerArn: it is required with ResourcePolicy when the source is not a user.'),
  );

  await root.send(new CreateUserCommand({ UserName: 'auditor' }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await root.send(new AttachUserPolicyCommand({ UserName: 'auditor', PolicyArn }));
  const auditor = { PolicySourceArn: arn('user/auditor') };
  const [result] = (await simulate(auditor)).EvaluationResults!;
  expect(result!.MatchedStatements).toMatchObject([
    { SourcePolicyId: 'AdministratorAccess', SourcePolicyType: 'IAM Policy' },
  ]);
  const excluded = (PolicyIdentifier: object) => ({ ...auditor, PolicyExclusionList: [PolicyIdentifier as never] });
  for (const identifier of [
    { PolicyType: 'aws-managed' },
    { PolicyArn },
    { PolicyArn: 'arn:aws:iam::aws:policy/Admin*A?cess' },
  ])
    expect(await decisions(excluded(identifier))).toEqual(['implicitDeny']);
  for (const identifier of [{ PolicyType: 'inline' }, { PolicyArn: 'arn:aws:iam::aws:policy/Admin' }])
    expect(await decisions(excluded(identifier))).toEqual(['allowed']);
  await expect(simulate(excluded({ PolicyArn: 'arn:aws:iam::*:policy/a' }))).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
  const InlinePolicyIdentifier = { PolicyName: 'own', AttachmentType: 'user', AttachmentName: 'a*' } as const;
  const withoutOwn = { ResourceArns: [OBJECT], PolicyExclusionList: [{ InlinePolicyIdentifier }] };
  expect(await decisions(withoutOwn)).toEqual(['implicitDeny']);
});

it('answers in pages', async () => {
  const ActionNames = Array.from({ length: 250 }, (_, i) => `s3:Get${i}`);
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await simulate({ ActionNames, ...(Marker === undefined ? {} : { Marker }) });
    seen.push(...page.EvaluationResults!.map(each => each.EvalActionName!));
    expect(page.IsTruncated).toBe(page.Marker !== undefined);
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(seen).toEqual(ActionNames);
});

it('bounds what one answer takes', async () => {
  const statements = Array.from({ length: 100 }, () => allow('s3:GetObject', OBJECT));
  const PolicyInputList = [policy(...statements)];
  const ResourceArns = Array.from({ length: 50 }, (_, i) => `${BUCKET}/${i}`);
  const ActionNames = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListObjects'];
  const page = await simulate({ PolicyInputList, ResourceArns, ActionNames });
  expect(page).toMatchObject({ IsTruncated: true });
  expect(page.EvaluationResults).toHaveLength(3);
  const tooMany = [...ResourceArns, ...ResourceArns, ...ResourceArns, ...ResourceArns];
  await expect(simulate({ PolicyInputList, ResourceArns: tooMany })).rejects.toMatchObject(
    invalid('Invalid Input ResourceArns: there are too many resources for so many policy statements.'),
  );
});

it('refuses what is not a source, a policy, an action or a resource', async () => {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/x`;
  const refusals: [Partial<SimulatePrincipalPolicyCommandInput>, object][] = [
    [
      { PolicySourceArn: session },
      invalid(`Invalid Entity Arn: ${session} does not clearly define entity type and name.`),
    ],
    [
      { PolicySourceArn: 'arn:aws:iam::999999999999:user/ann' },
      invalid(
        `Invalid Policy Source Arn: caller's account ${ACCOUNT} does not have access to policies in account 999999999999`,
      ),
    ],
    [{ PolicySourceArn: arn('user/nobody') }, noSuchEntity('The user with name nobody cannot be found.')],
    [{ PolicySourceArn: arn('role/nobody') }, noSuchEntity('The role with name nobody cannot be found.')],
    [{ ActionNames: ['s3:*'] }, invalid('Invalid Input Actions: "s3:*" is not the name of an action.')],
    [{ ResourceArns: ['bucket'] }, invalid('Invalid Input ResourceArns: "bucket" is not an ARN.')],
    [{ PolicyInputList: ['{}'] }, invalid('Invalid Input PolicyInputList.1: Syntax errors in policy.')],
    [{ ResourceOwner: 'me' }, invalid('Invalid Input ResourceOwner: "me" is not an account.')],
    [
      { CallerArn: arn('role/reader') },
      invalid(`Invalid Caller Arn: ${arn('role/reader')} must be the ARN of an IAM user.`),
    ],
  ];
  for (const [input, answer] of refusals) await expect(simulate(input)).rejects.toMatchObject(answer);
});

it('is for those who may look at the policies of the source', async () => {
  const may = await host.user('simulator', allow('iam:SimulatePrincipalPolicy', arn('user/ann')));
  const ask = (PolicySourceArn: string) =>
    may.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['s3:GetObject'] }));
  expect((await ask(arn('user/ann'))).EvaluationResults).toHaveLength(1);
  await expect(ask(arn('user/simulator'))).rejects.toMatchObject({ name: 'AccessDenied' });
});
