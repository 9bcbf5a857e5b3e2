/** Random users and roles that really call: what a simulation says of a call is what becomes of it. */
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountSummaryCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { pick, seededRandom } from '@stormglass/base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, type IamHost, startIamHost, trust } from '../testing/iam-host.ts';
import { randomPolicy, type Vocabulary } from '../testing/random-policies.ts';

const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const USERS = 24;
const CALLS = 260;

const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const TARGET = arn('user/team/target');
const LIMITS = arn('policy/limits');
const WORDS: Vocabulary = {
  actions: [
    '*',
    'iam:*',
    'iam:Get*',
    'iam:GetUser',
    'iam:*User',
    'iam:ListUsers',
    'iam:GetRole',
    'iam:GetAccountSummary',
  ],
  resources: [TARGET, arn('user/*'), arn('user/team/*'), arn('role/*'), LIMITS, arn(`user/\${aws:username}`)],
  conditions: [
    { StringEquals: { 'iam:ResourceTag/stage': 'live' } },
    { StringNotEquals: { 'aws:ResourceTag/stage': 'live' } },
    { StringEquals: { 'aws:PrincipalTag/team': ['blue'] } },
    { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
    { Bool: { 'aws:SecureTransport': 'false' } },
    { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['note'] } },
    { StringLike: { 'aws:RequestTag/note': '1*' } },
    { Null: { 'aws:RequestTag/note': 'true' } },
    { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
  ],
};

type Keys = Readonly<Record<string, string | readonly string[]>>;

interface Question {
  readonly action: string;
  readonly resource: string;
  readonly keys: Keys;
  readonly call: (client: IAMClient) => Promise<unknown>;
}

const OF_TARGET: Keys = { 'iam:ResourceTag/stage': 'live', 'aws:ResourceTag/stage': 'live' };
const EVERY_REQUEST: Keys = {
  'aws:SourceIp': '127.0.0.1',
  'aws:SecureTransport': 'false',
  'aws:RequestedRegion': 'us-east-1',
};

const tagging = (Value: string): Question => ({
  action: 'iam:TagUser',
  resource: TARGET,
  keys: { ...OF_TARGET, 'aws:TagKeys': ['note'], 'aws:RequestTag/note': Value },
  call: client => client.send(new TagUserCommand({ UserName: 'target', Tags: [{ Key: 'note', Value }] })),
});

const QUESTIONS: readonly Question[] = [
  {
    action: 'iam:GetUser',
    resource: TARGET,
    keys: OF_TARGET,
    call: client => client.send(new GetUserCommand({ UserName: 'target' })),
  },
  {
    action: 'iam:GetUser',
    resource: arn('user/u1'),
    keys: {},
    call: client => client.send(new GetUserCommand({ UserName: 'u1' })),
  },
  {
    action: 'iam:ListUsers',
    resource: arn('user/team/'),
    keys: {},
    call: client => client.send(new ListUsersCommand({ PathPrefix: '/team/' })),
  },
  {
    action: 'iam:GetRole',
    resource: arn('role/r0'),
    keys: {},
    call: client => client.send(new GetRoleCommand({ RoleName: 'r0' })),
  },
  {
    action: 'iam:GetPolicy',
    resource: LIMITS,
    keys: {},
    call: client => client.send(new GetPolicyCommand({ PolicyArn: LIMITS })),
  },
  {
    action: 'iam:GetAccountSummary',
    resource: '*',
    keys: {},
    call: client => client.send(new GetAccountSummaryCommand({})),
  },
  tagging('1'),
  tagging('2'),
];

let host: IamHost;
const callers: { readonly source: string; readonly client: IAMClient }[] = [];
const random = seededRandom(SEED);

beforeAll(async () => {
  host = await startIamHost();
  const { root } = host;
  const document = () => randomPolicy(random, WORDS);
  await root.send(new CreatePolicyCommand({ PolicyName: 'limits', PolicyDocument: document() }));
  const stage = [{ Key: 'stage', Value: 'live' }];
  await root.send(new CreateUserCommand({ UserName: 'target', Path: '/team/', Tags: stage }));
  await root.send(new CreateGroupCommand({ GroupName: 'team' }));
  await root.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'own', PolicyDocument: document() }));
  for (let i = 0; i < USERS; i++) {
    const UserName = `u${i}`;
    const Tags = random.next() < 0.5 ? [{ Key: 'team', Value: pick(random, ['blue', 'red']) }] : [];
    await root.send(new CreateUserCommand({ UserName, Tags }));
    await root.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: document() }));
    if (random.next() < 0.3) await root.send(new AttachUserPolicyCommand({ UserName, PolicyArn: LIMITS }));
    if (random.next() < 0.3) await root.send(new AddUserToGroupCommand({ UserName, GroupName: 'team' }));
    if (random.next() < 0.2)
      await root.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: LIMITS }));
    const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
    const client = host.client({ accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! });
    callers.push({ source: arn(`user/${UserName}`), client });
  }
  for (let i = 0; i < 6; i++) {
    const RoleName = `r${i}`;
    const { Role } = await root.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
    await root.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document() }));
    const issuedAt = Math.floor(Date.now() / 1000);
    const session = await host.session({
      ...{ subject: 'role', accountId: ACCOUNT, roleName: RoleName, roleId: Role!.RoleId!, sessionName: 's' },
      ...{ issuedAt, expiresAt: issuedAt + 3600 },
    });
    callers.push({ source: Role!.Arn!, client: host.client(session) });
  }
});
afterAll(() => host.close());

const entriesOf = (keys: Keys) =>
  Object.entries({ ...EVERY_REQUEST, ...keys }).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyValues: typeof value === 'string' ? [value] : [...value],
    ContextKeyType: typeof value === 'string' ? ('string' as const) : ('stringList' as const),
  }));

async function simulated(source: string, { action, resource, keys }: Question): Promise<string> {
  const { EvaluationResults } = await host.root.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: source,
      ActionNames: [action],
      ResourceArns: [resource],
      ContextEntries: entriesOf(keys),
    }),
  );
  return EvaluationResults![0]!.EvalDecision!;
}

async function enforced(client: IAMClient, { call }: Question): Promise<string> {
  try {
    await call(client);
    return 'allowed';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDenied') throw error;
    return error.message.includes('explicit deny') ? 'explicitDeny' : 'implicitDeny';
  }
}

it(`seed ${SEED}: a call is answered as its simulation said`, async () => {
  const counts: Record<string, number> = {};
  for (let n = 0; n < CALLS; n++) {
    const { source, client } = pick(random, callers);
    const question = pick(random, QUESTIONS);
    const said = await simulated(source, question);
    expect(said, `call ${n}: ${source} ${question.action}`).toBe(await enforced(client, question));
    counts[said] = (counts[said] ?? 0) + 1;
  }
  expect(Object.keys(counts).sort()).toEqual(['allowed', 'explicitDeny', 'implicitDeny']);
});
