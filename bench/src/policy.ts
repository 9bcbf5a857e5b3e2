/**
 * How long an evaluation takes, and what authenticating a session costs before it:
 *
 *     node bench/src/policy.ts
 *
 * Ten policies of ten statements each, half of them with a condition, many actions and resources; then the worst cases.
 * It prints microseconds: the aims are 15 for the median of an evaluation, and 60 for a session token never seen before.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { pick, seededRandom } from '@stormglass/base';
import {
  authenticate,
  authorize,
  compilePolicyText,
  contextOf,
  evaluate,
  IamState,
  principalContext,
  rootPrincipal,
  sealSession,
  type UserPrincipal,
} from '@stormglass/identity';

const ACCOUNT = '123456789012';
const NOW = 1_700_000_000_000;
const ROUNDS = 20_000;
const WARM_UP = 5_000;
const random = seededRandom(1);
const services = ['s3', 'sqs', 'sns', 'dynamodb', 'ec2', 'iam', 'lambda', 'logs'];
const verbs = ['Get', 'Put', 'List', 'Delete', 'Describe', 'Create'];

function statement(index: number): object {
  const service = pick(random, services);
  return {
    Effect: index % 7 === 6 ? 'Deny' : 'Allow',
    Action: [`${service}:${pick(random, verbs)}*`, `${pick(random, services)}:${pick(random, verbs)}Object`],
    Resource: [`arn:aws:${service}:*:${ACCOUNT}:role/${index}/*`, `arn:aws:s3:::bucket-${index}/\${aws:username}/*`],
    ...(index % 2 === 0
      ? {
          Condition: {
            StringEquals: { 'aws:PrincipalTag/team': ['blue', 'green'] },
            IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
          },
        }
      : {}),
  };
}

const documents = Array.from({ length: 10 }, () =>
  JSON.stringify({ Version: '2012-10-17', Statement: Array.from({ length: 10 }, (_, i) => statement(i)) }),
);

const principal: UserPrincipal = {
  kind: 'user',
  accountId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
  userId: 'AIDABOB',
  userName: 'bob',
  tags: [{ key: 'team', value: 'red' }],
};
const service = contextOf({ 'aws:SourceIp': '10.1.2.3' });
const requests = Array.from({ length: 512 }, () => {
  const name = pick(random, services);
  return {
    action: `${name}:${pick(random, verbs)}Object`,
    resource: random.next() < 0.5 ? `arn:aws:s3:::bucket-3/alice/key` : `arn:aws:${name}:us-east-1:${ACCOUNT}:role/4/x`,
  };
});

/** Times `work` one call at a time. Two calls of the timer are part of every sample (about 0.1 µs). */
function measure(name: string, work: (round: number) => void): void {
  for (let i = 0; i < WARM_UP; i++) work(i);
  const samples = new Float64Array(ROUNDS);
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    work(i + WARM_UP);
    samples[i] = (performance.now() - start) * 1000;
  }
  samples.sort();
  const at = (share: number) => samples[Math.floor(share * ROUNDS)]!.toFixed(2).padStart(8);
  console.log(`${name.padEnd(48)} p50 ${at(0.5)} µs   p99 ${at(0.99)} µs`);
}

const compiled = documents.map(text => compilePolicyText(text, 'inline'));
const one = [compilePolicyText(JSON.stringify({ Version: '2012-10-17', Statement: [statement(1)] }), 'inline')];

const run = (identity: typeof compiled) => (round: number) => {
  const { action, resource } = requests[round % requests.length]!;
  const context = principalContext({ principal, resourceAccount: ACCOUNT, now: NOW, context: service });
  evaluate({ identity }, { action, resource, resourceAccount: ACCOUNT, principal, context });
};

measure('evaluate, 1 policy of 1 statement', run(one));
measure('evaluate, 10 policies of 10 statements', run(compiled));
// The worst cases: an index by action is of no help when all hundred statements speak about every action, and one by
// resource neither when they speak about every resource, so that conditions must tell them apart.
const compileAll = (texts: readonly string[]) => texts.map(text => compilePolicyText(text, 'inline'));
const everyAction = documents.map(text => text.replaceAll(/"Action":\[[^\]]*\]/g, '"Action":"*"'));
measure('the same, every statement about every action', run(compileAll(everyAction)));
const unmet = [
  { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/*/admin` } },
  { IpAddress: { 'aws:SourceIp': ['192.168.0.0/16', '2001:db8::/32'] } },
  { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
  { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['cost', 'team'] } },
];
const everyResource = everyAction.map(text => {
  const { Statement } = JSON.parse(text) as { Statement: object[] };
  const broad = Statement.map((one, i) => ({ ...one, Resource: '*', Condition: unmet[i % unmet.length] }));
  return JSON.stringify({ Version: '2012-10-17', Statement: broad });
});
measure('… and every resource: 100 conditions that fail', run(compileAll(everyResource)));
measure('compile, 1 policy of 10 statements', round => {
  compilePolicyText(documents[round % 10]!, 'inline');
});

const state = new IamState();
let seq = 0;
const apply = (command: Parameters<typeof state.apply>[1]) => {
  const result = state.apply({ seq: ++seq, now: NOW }, command);
  if (!result.ok) throw new Error(result.message);
};
apply({ type: 'AddTokenKey', keyId: '00000001', key: Buffer.from(random.bytes(32)).toString('base64'), after: null });
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
});
apply({ type: 'CreateRole', accountId: ACCOUNT, roleName: 'r', roleId: 'AROAR', path: '/', trustPolicy });
for (const [i, document] of documents.entries()) {
  const policyName = `p${i}`;
  apply({ type: 'CreatePolicy', accountId: ACCOUNT, policyName, policyId: `ANPA${i}`, path: '/', document });
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/${policyName}`;
  apply({ type: 'AttachPolicy', accountId: ACCOUNT, entity: { kind: 'role', name: 'r' }, policyArn });
}
const claims = {
  subject: 'role',
  accountId: ACCOUNT,
  roleName: 'r',
  roleId: 'AROAR',
  sessionName: 's',
  issuedAt: NOW / 1000,
  expiresAt: NOW / 1000 + 3600,
} as const;
const credentials = sealSession(state.view.tokenKeys(), claims, random);
const presented = { ...credentials, region: 'us-east-1', now: NOW };
const found = authenticate(state.view, presented);
const session = found.ok ? found.principal : rootPrincipal('aws', ACCOUNT);

measure('seal a session token', () => void sealSession(state.view.tokenKeys(), claims, random));
const strangers = Array.from({ length: WARM_UP + ROUNDS }, () => sealSession(state.view.tokenKeys(), claims, random));
measure('authenticate a session, token never seen', round => {
  authenticate(state.view, { ...presented, ...strangers[round]! });
});
measure('authenticate a session, token seen before', () => void authenticate(state.view, presented));
measure('authorize that session, 10 × 10 statements', round => {
  authorize(state.view, { principal: session, ...requests[round % requests.length]!, context: service, now: NOW });
});
console.log(`token: ${credentials.sessionToken.length} characters`);
