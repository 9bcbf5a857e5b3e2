/**
 * Questions about an account, asked by the AWS CLI and boto3: 2,500 users in pages while others come and go,
 * simulations, authorization details, the credential report.
 */
import { fileURLToPath } from 'node:url';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { printedBy } from './clients/aws-command.ts';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

const USERS = 2500;
const MADE_AT_ONCE = 50;
const PREFIX = 'user-';
const ACCOUNT = '000000000000';

const nameOf = (n: number): string => `${PREFIX}${String(n).padStart(4, '0')}`;
const NAMES = Array.from({ length: USERS }, (_, n) => nameOf(n));
const ANN = `arn:aws:iam::${ACCOUNT}:user/even/${nameOf(0)}`;

let region: RegionUnderTest;
let env: Environment;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
});
afterAll(() => region?.close());

const aws = (...args: string[]) => printedBy(env, ...args);

const json = async (...args: string[]): Promise<unknown> => JSON.parse(await aws(...args));
const words = async (...args: string[]) => (await aws(...args, '--output', 'text')).trim().split(/\s+/);

it('makes 2,500 users at once, each once', async () => {
  const iam = new IAMClient({
    endpoint: env.AWS_ENDPOINT_URL!,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 10,
  });
  const left = NAMES.entries();
  const ids = new Set<string>();
  // Each takes the next that nobody took yet.
  const make = async () => {
    for (const [n, UserName] of left) {
      const { User } = await iam.send(new CreateUserCommand({ UserName, Path: n % 2 === 0 ? '/even/' : '/' }));
      ids.add(User!.UserId!);
    }
  };
  await Promise.all(Array.from({ length: MADE_AT_ONCE }, make));
  iam.destroy();
  expect(ids.size).toBe(USERS);
});

it.each(['100', '1000'])('aws iam list-users shows each once, in pages of %s', async size => {
  expect(await words('iam', 'list-users', '--page-size', size, '--query', 'Users[].UserName')).toEqual(NAMES);
});

it('aws iam list-users goes on where it was left', async () => {
  const first = (await json('iam', 'list-users', '--max-items', '1234', '--query', '[NextToken, length(Users)]')) as [
    string,
    number,
  ];
  expect(first[1]).toBe(1234);
  const rest = await words('iam', 'list-users', '--starting-token', first[0], '--query', 'Users[].UserName');
  expect(rest).toEqual(NAMES.slice(1234));
});

it('aws iam simulate-principal-policy decides as enforcement does', async () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::home/\${aws:username}/*` },
      { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  };
  const document = ['--policy-document', JSON.stringify(policy, null, 2)];
  await aws('iam', 'put-user-policy', '--user-name', nameOf(0), '--policy-name', 'home', ...document);
  const ask = (...more: string[]) =>
    json('iam', 'simulate-principal-policy', '--policy-source-arn', ANN, '--action-names', 's3:GetObject', ...more);
  const resource = `arn:aws:s3:::home/${nameOf(0)}/x`;
  const first = { SourcePolicyId: `user_${nameOf(0)}_home`, SourcePolicyType: 'IAM Policy' };
  expect(await ask('--resource-arns', resource)).toEqual({
    EvaluationResults: [
      {
        EvalActionName: 's3:GetObject',
        EvalResourceName: resource,
        EvalDecision: 'allowed',
        MatchedStatements: [{ ...first, StartPosition: { Line: 3, Column: 17 }, EndPosition: { Line: 8, Column: 6 } }],
        MissingContextValues: ['aws:SecureTransport'],
        EvalDecisionDetails: {},
        ResourceSpecificResults: [expect.objectContaining({ EvalResourceDecision: 'allowed' })],
      },
    ],
  });
  const plain = 'ContextKeyName=aws:SecureTransport,ContextKeyValues=false,ContextKeyType=boolean';
  const decisions = ['--query', 'EvaluationResults[].EvalDecision'];
  expect(await ask('--resource-arns', resource, '--context-entries', plain, ...decisions)).toEqual(['explicitDeny']);
  expect(await ask('--resource-arns', 'arn:aws:s3:::home/other/x', ...decisions)).toEqual(['implicitDeny']);
  const custom = ['--policy-input-list', JSON.stringify(policy), '--action-names', 's3:PutObject', ...decisions];
  expect(await json('iam', 'simulate-custom-policy', ...custom)).toEqual(['implicitDeny']);
  expect(await words('iam', 'get-context-keys-for-principal-policy', '--policy-source-arn', ANN)).toEqual([
    'CONTEXTKEYNAMES',
    'aws:username',
    'CONTEXTKEYNAMES',
    'aws:SecureTransport',
  ]);
});

it('boto3 sees each user once, while others come and go', async () => {
  const script = fileURLToPath(new URL('clients/boto3_iam_questions.py', import.meta.url));
  const { code, stdout, stderr } = await runClient('python3', [script, PREFIX, String(USERS)], env);
  expect([code, stderr]).toEqual([0, '']);
  const whole = [USERS, true, true];
  expect(JSON.parse(stdout)).toEqual({
    'pages of 37': whole,
    'pages of 100': whole,
    'pages of 999': whole,
    'pages of 1000': whole,
    details: whole,
    'guests came': true,
    'under a path': USERS / 2,
    'taken up again': [1100, ...whole],
    'before the report': ['CredentialReportNotPresentException', 'ReportNotPresent'],
    report: [['STARTED', 'COMPLETE'], 'text/csv', '<root_account>', USERS, 22],
    simulated: [true, 'implicitDeny'],
    keys: ['aws:username', 'aws:SecureTransport'],
  });
});

it('aws iam shows the account', async () => {
  const users = await words(
    ...['iam', 'get-account-authorization-details', '--filter', 'User', '--query', 'UserDetailList[].UserName'],
  );
  expect(users).toEqual(NAMES);
  const policies = ['--query', `UserDetailList[?UserName=='${nameOf(0)}'].UserPolicyList[].PolicyName`];
  expect(await words('iam', 'get-account-authorization-details', '--filter', 'User', ...policies)).toEqual(['home']);
  const [content = ''] = await words('iam', 'get-credential-report', '--query', 'Content');
  expect(Buffer.from(content, 'base64').toString().split('\n')).toHaveLength(USERS + 2);
  const counts = ['--query', 'SummaryMap.[Users, UsersQuota, GlobalEndpointTokenVersion]'];
  expect(await words('iam', 'get-account-summary', ...counts)).toEqual([String(USERS), '5000', '1']);
  await aws('iam', 'set-security-token-service-preferences', '--global-endpoint-token-version', 'v2Token');
  expect(await words('iam', 'get-account-summary', ...counts)).toEqual([String(USERS), '5000', '2']);
});

it('nothing of this surprised the region', () => {
  expect(defects(region.folder)).toEqual([]);
});
