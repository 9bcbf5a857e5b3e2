/**
 * Random policies and requests for the property tests: all kinds of policies, operators and principals, out of few words,
 * so that patterns, names and values meet often.
 */
import fc from 'fast-check';
import type { Principal } from '../principal.ts';
import type { ContextValue } from '../request-context.ts';
import type { ReferencePolicy, ReferenceRequest, ReferenceSets } from './reference-evaluator.ts';

/** How many requests a scenario has. */
export const REQUESTS_EACH = 4;

const HOME = '111111111111';
const AWAY = '222222222222';
const session = { issuedAt: 0, expiresAt: 1 };
const USER = { userName: 'bob', arn: `arn:aws:iam::${HOME}:user/bob`, userId: 'AIDABOB' };
const ROLE = { roleName: 'reader', roleId: 'AROAREADER', roleArn: `arn:aws:iam::${HOME}:role/reader` };
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/id.example.com`;

const PRINCIPALS: readonly Principal[] = [
  { kind: 'user', accountId: HOME, ...USER, tags: [] },
  {
    kind: 'assumed-role',
    accountId: HOME,
    arn: `arn:aws:sts::${HOME}:assumed-role/reader/s1`,
    userId: 'AROAREADER:s1',
    ...ROLE,
    sessionName: 's1',
    tags: [],
    transitiveTagKeys: [],
    session,
  },
  { kind: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root`, userId: HOME },
  ...[{ user: USER }, {}].map(
    (source): Principal => ({
      kind: 'federated-user',
      accountId: HOME,
      arn: `arn:aws:sts::${HOME}:federated-user/guest`,
      userId: `${HOME}:guest`,
      federatedName: 'guest',
      tags: [],
      session,
      ...source,
    }),
  ),
  { kind: 'service', service: 'lambda.amazonaws.com' },
  { kind: 'web-identity', provider: PROVIDER },
  { kind: 'anonymous' },
];

const NAMES = {
  AWS: [
    '*',
    HOME,
    AWAY,
    `arn:aws:iam::${HOME}:root`,
    USER.arn,
    USER.userId,
    ROLE.roleArn,
    ROLE.roleId,
    `arn:aws:sts::${HOME}:assumed-role/reader/s1`,
    `arn:aws:sts::${HOME}:federated-user/guest`,
    `arn:aws:iam::${AWAY}:user/bob`,
  ],
  Service: ['lambda.amazonaws.com', 's3.amazonaws.com'],
  Federated: [PROVIDER, 'accounts.google.com'],
} as const;

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const someOf = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });
/** Absent once in two. */
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const oneOrList = (of: fc.Arbitrary<string[]>) => of.map(values => (values.length === 1 ? values[0]! : values));

const actions = fc.tuple(
  some('Action', 'Action', 'NotAction'),
  oneOrList(someOf(['*', 's3:*', 's3:Get*', 's3:GetObject', 'S3:put?bject', 'sqs:*', 's3:*Object', 'sqs:Send*'])),
);

const resources = fc.tuple(
  some('Resource', 'Resource', 'NotResource'),
  oneOrList(
    someOf([
      '*',
      'arn:aws:s3:::b/*',
      'arn:aws:s3:::b/k',
      'arn:aws:s3:::*',
      'arn:aws:*:::b/?',
      'arn:aws:s3*',
      'arn:aws:sqs:*:111111111111:q*',
      'arn:aws:sqs:us-?ast-1:*:q',
      `arn:aws:s3:::b/\${aws:username}`,
      `arn:aws:s3:::b/\${k:team, 'blue'}*`,
      `arn:aws:s3:::b/\${*}`,
      `arn:aws:s3:::\${k:many}/*`,
      `arn:aws:sqs:us-east-1:\${k:account}:q`,
    ]),
  ),
);

const families = [
  {
    operators: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    values: ['blue', 'Blue', '', `\${aws:username}`, `\${k:absent}`, `\${k:absent, 'red'}`, `\${$}{x}`],
  },
  {
    operators: ['StringLike', 'StringNotLike'],
    values: ['b*', '*e', '?ed', '*', `\${*}`, `\${aws:username}*`, 'bl*e'],
  },
  {
    operators: ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
    values: ['5', '5.0', '-1', 'five', `\${k:number}`],
  },
  { operators: ['NumericGreaterThan', 'NumericGreaterThanEquals'], values: ['5', '6.5', '1000'] },
  {
    operators: ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals'],
    values: ['2024-01-01T00:00:00Z', '2024-01-01', '2024', '1704067200'],
  },
  {
    operators: ['DateGreaterThan', 'DateGreaterThanEquals'],
    values: ['2023-12-31T23:59:59.5Z', '2024-01', '1704067201'],
  },
  { operators: ['Bool'], values: ['true', 'false', 'TRUE', 'yes', `\${k:flag}`] },
  { operators: ['BinaryEquals'], values: ['QmluYXJ5', 'QmluYXI=', 'QmluYXI'] },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    values: ['10.0.0.0/8', '10.1.2.3', '192.0.2.0/24', '2001:db8::/32', '2001:DB8:0:1::/64', '::/0', `\${k:ip}`],
  },
  {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    values: ['arn:aws:sns:*:111111111111:t', 'arn:*', 'arn:aws:sns:us-east-1:*:*', `arn:aws:sns:*:*:\${aws:username}`],
  },
];

const KEYS = [
  'k:team',
  'k:many',
  'k:absent',
  'k:number',
  'k:date',
  'k:flag',
  'k:ip',
  'k:arn',
  'k:bytes',
  'aws:username',
];
/** What an operator of each family usually asks about. */
const USUAL = ['k:team', 'k:many', 'k:number', 'k:number', 'k:date', 'k:date', 'k:flag', 'k:bytes', 'k:ip', 'k:arn'];

const condition = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.nat(families.length - 1).chain(at => {
      const { operators, values } = families[at]!;
      return fc.tuple(
        fc
          .tuple(some('', '', 'ForAllValues:', 'ForAnyValue:'), some(...operators), some('', '', 'IfExists'))
          .map(parts => parts.join('')),
        some(USUAL[at]!, USUAL[at]!, USUAL[at]!, 'k:many', ...KEYS),
        oneOrList(someOf(values)),
      );
    }),
  },
  { weight: 1, arbitrary: fc.tuple(some('Null'), some(...KEYS), oneOrList(someOf(['true', 'false']))) },
);

const conditions = fc.array(condition, { maxLength: 2 }).map(lines => {
  const block: Record<string, Record<string, unknown>> = {};
  for (const [operator, key, values] of lines) block[operator] = { ...block[operator], [key]: values };
  return lines.length === 0 ? {} : { Condition: block };
});

const statement = fc
  .tuple(some('Allow', 'Allow', 'Allow', 'Deny'), actions, resources, conditions)
  .map(([Effect, [does, what], [on, where], when]) => ({ Effect, [does]: what, [on]: where, ...when }));

const names = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*' as const) },
  { weight: 4, arbitrary: someOf(NAMES.AWS.slice(1)).map(AWS => ({ AWS })) },
  { weight: 1, arbitrary: someOf(NAMES.AWS).map(AWS => ({ AWS })) },
  {
    weight: 1,
    arbitrary: fc.record(
      { AWS: someOf(NAMES.AWS.slice(1)), Service: someOf(NAMES.Service), Federated: someOf(NAMES.Federated) },
      { requiredKeys: ['Service'] },
    ),
  },
);

const ofResource = fc.tuple(statement, names, some(true, true, false)).map(([one, who, named]) => {
  const element = named || one.Effect === 'Allow' ? 'Principal' : 'NotPrincipal';
  return { ...one, [element]: who };
});

/** The policy of a role says nothing of resources, and spares nobody. */
const ofTrust = fc
  .tuple(some('Allow', 'Allow', 'Allow', 'Deny'), some('sts:*', 'sts:AssumeRole', 'sts:TagSession'), conditions, names)
  .map(([Effect, Action, when, Principal]) => ({ Effect, Action, ...when, Principal }));

const document = (of: fc.Arbitrary<{ Effect: string }>): fc.Arbitrary<ReferencePolicy> =>
  fc
    .tuple(some({ Version: '2012-10-17' }, { Version: '2012-10-17' }, {}), fc.array(of, { minLength: 1, maxLength: 2 }))
    .map(([version, Statement]) => ({ ...version, Statement }) as ReferencePolicy);

const own = document(statement);
const text = (...values: readonly string[]) => fc.oneof(some(...values), fc.array(some(...values), { maxLength: 3 }));

const context: fc.Arbitrary<Record<string, ContextValue>> = fc.record(
  {
    'k:team': text('blue', 'Blue', 'red', '*', ''),
    'k:many': fc.array(some('blue', 'red', '', '5', 'true', '10.1.2.3', 'arn:aws:sns:us-east-1:111111111111:t'), {
      maxLength: 3,
    }),
    'k:number': text('5', '4.99', '-1', '1000', 'many'),
    'k:date': text('2024-01-01T00:00:00Z', '1704067200', '2024-02-01', '2023-12-31T23:59:59.5Z', 'soon'),
    'k:flag': text('true', 'false', 'True', 'yes'),
    'k:ip': text('10.1.2.3', '192.0.2.7', '2001:db8::1', '2001:db8:0:1::9', 'nowhere'),
    'k:arn': text('arn:aws:sns:us-east-1:111111111111:t', 'arn:aws:sns:eu-west-1:222222222222:bob', 'arn:x'),
    'k:bytes': text('QmluYXJ5', 'QmluYXI='),
    'k:account': some('111111111111'),
    'aws:username': some('bob', 'blue', 'k'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, ContextValue>>;

export interface Scenario {
  readonly sets: ReferenceSets;
  readonly requests: readonly ReferenceRequest[];
}

const facts = fc.record({
  principal: some(PRINCIPALS[0]!, PRINCIPALS[1]!, ...PRINCIPALS),
  action: some('s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'S3:GETOBJECT'),
  resource: some(
    'arn:aws:s3:::b/k',
    'arn:aws:s3:::b/bob',
    'arn:aws:s3:::b/blue1',
    'arn:aws:s3:::c/k',
    'arn:aws:sqs:us-east-1:111111111111:q',
    'arn:aws:sqs:us-east-1:222222222222:q:k',
    '*',
  ),
  resourceAccount: some(HOME, HOME, AWAY),
  context: context.map(keys => new Map(Object.entries(keys))),
});

/**
 * Policies, and requests that they bear on one after the other, so that nothing remembered of one request may spoil the
 * next. One set in four is for a role, and its trust policy decides.
 */
export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    identity: fc.array(own, { maxLength: 3 }),
    boundary: optional(own),
    session: optional(fc.array(own, { minLength: 1, maxLength: 2 })),
    resource: optional(document(ofResource)),
    trustPolicy: document(ofTrust),
    trust: some(false, false, false, true),
    requests: fc.array(facts, { minLength: REQUESTS_EACH, maxLength: REQUESTS_EACH }),
  })
  .map(({ trust, resource, trustPolicy, requests, ...sets }) => ({
    sets: { ...sets, trust, resource: trust ? trustPolicy : resource },
    requests: trust ? requests.map(forRole) : requests,
  }));

const forRole = (request: ReferenceRequest): ReferenceRequest => ({
  ...request,
  action: 'sts:AssumeRole',
  resource: `arn:aws:iam::${request.resourceAccount}:role/target`,
});
