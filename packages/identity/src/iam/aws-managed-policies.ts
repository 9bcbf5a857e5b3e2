/**
 * The policies AWS itself manages that are built in: those that nearly every account uses. They are the same in every
 * account, cannot be changed, and live outside the log.
 */
import type { PolicyHolder } from './records.ts';

export interface AwsManagedPolicy extends PolicyHolder {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string;
  readonly versionId: string;
  /** Ms since the epoch. */
  readonly createdAt: number;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const allow = (...actions: string[]): Statement => ({ Effect: 'Allow', Action: actions, Resource: '*' });

/** Services a reader may read. Secrets Manager is missing as in the original: its reads hand out secrets. */
const READABLE = [
  'access-analyzer',
  'acm',
  'acm-pca',
  'apigateway',
  'application-autoscaling',
  'arc-zonal-shift',
].concat(
  ['autoscaling', 'cloudformation', 'cloudtrail', 'cloudwatch', 'dynamodb', 'ec2', 'ecr', 'ecs', 'eks', 'elasticache'],
  [
    'elasticloadbalancing',
    'events',
    'fis',
    'health',
    'iam',
    'kinesis',
    'kms',
    'lambda',
    'logs',
    'organizations',
    'rds',
  ],
  ['resource-groups', 'route53', 'route53resolver', 's3', 'scheduler', 'servicequotas', 'sns', 'sqs', 'ssm', 'states'],
  ['tag', 'xray'],
);

const readActions = READABLE.flatMap(service => [`${service}:Describe*`, `${service}:Get*`, `${service}:List*`]);

/** Services whose settings, not contents, an auditor may see. */
const AUDITED = [
  'access-analyzer',
  'acm',
  'apigateway',
  'autoscaling',
  'cloudformation',
  'cloudtrail',
  'cloudwatch',
].concat(
  ['dynamodb', 'ec2', 'elasticloadbalancing', 'fis', 'iam', 'kms', 'lambda', 'logs', 'organizations', 'route53', 's3'],
  ['sns', 'sqs', 'ssm', 'sts', 'tag'],
);

const auditActions = AUDITED.flatMap(service =>
  // Reading an object, an item or a message is not reading a setting.
  service === 's3'
    ? ['s3:GetBucket*', 's3:GetAccountPublicAccessBlock', 's3:GetLifecycleConfiguration', 's3:List*']
    : service === 'dynamodb'
      ? ['dynamodb:Describe*', 'dynamodb:List*']
      : [
          `${service}:Describe*`,
          `${service}:List*`,
          ...(service === 'iam' ? ['iam:Get*', 'iam:GenerateCredentialReport'] : []),
        ],
);

interface Definition {
  readonly name: string;
  readonly path?: string;
  readonly id: string;
  readonly description: string;
  readonly statements: readonly Statement[];
}

const DEFINITIONS: readonly Definition[] = [
  {
    name: 'AdministratorAccess',
    id: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    statements: [allow('*')],
  },
  {
    name: 'PowerUserAccess',
    id: 'ANPAJYRXTHIB4FOVS3ZXS',
    description:
      'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow(
        'account:GetAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ),
    ],
  },
  {
    name: 'ReadOnlyAccess',
    id: 'ANPAILL3HVNFSB6DCOWYQ',
    description: 'Provides read-only access to AWS services and resources.',
    // AWS spells out every action; a pattern for each service says the same.
    statements: [
      allow(
        ...readActions,
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:BatchGet*',
        'cloudwatch:GenerateQuery',
        'logs:FilterLogEvents',
        'sts:GetCallerIdentity',
      ),
    ],
  },
  {
    name: 'IAMFullAccess',
    id: 'ANPAI7XKCFMBPM3QQRRVQ',
    description: 'Provides full access to IAM via the AWS Management Console.',
    statements: [
      allow(
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ),
    ],
  },
  {
    name: 'IAMReadOnlyAccess',
    id: 'ANPAJKSO7NDY4T57MWDSQ',
    description: 'Provides read only access to IAM via the AWS Management Console.',
    statements: [
      allow(
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ),
    ],
  },
  {
    name: 'SecurityAudit',
    id: 'ANPAIX2T3QCXHR2OGGCTO',
    description: 'The security audit template grants access to read security configuration metadata.',
    statements: [allow(...auditActions)],
  },
  {
    name: 'AmazonS3FullAccess',
    id: 'ANPAIFIR6V6BVTRAHWINE',
    description: 'Provides full access to all buckets via the AWS Management Console.',
    statements: [allow('s3:*', 's3-object-lambda:*')],
  },
  {
    name: 'AmazonS3ReadOnlyAccess',
    id: 'ANPAIZTJ4DXE7G6AGAE6M',
    description: 'Provides read only access to all buckets via the AWS Management Console.',
    statements: [allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*')],
  },
  {
    name: 'AmazonDynamoDBFullAccess',
    id: 'ANPAINUGF2JSOSUY76KYA',
    description: 'Provides full access to Amazon DynamoDB via the AWS Management Console.',
    statements: [
      allow(
        'dynamodb:*',
        'dax:*',
        'application-autoscaling:*',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:Describe*',
        'cloudwatch:Get*',
        'cloudwatch:PutMetricAlarm',
        'iam:GetRole',
        'iam:ListRoles',
        'kms:DescribeKey',
        'kms:ListAliases',
        'lambda:List*',
        'sns:ListTopics',
      ),
    ],
  },
  {
    name: 'AWSLambdaBasicExecutionRole',
    path: '/service-role/',
    id: 'ANPAJNCQGXC42545SKXIK',
    description: 'Provides write permissions to CloudWatch Logs.',
    statements: [allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents')],
  },
];

/** When AWS published the first of them; the exact dates of the others serve nobody here. */
const PUBLISHED = Date.UTC(2015, 1, 6, 18, 39, 46);

function build(partition: string): ReadonlyMap<string, AwsManagedPolicy> {
  const policies = new Map<string, AwsManagedPolicy>();
  for (const { name, id, description, statements, path = '/' } of DEFINITIONS) {
    const arn = `arn:${partition}:iam::aws:policy${path}${name}`;
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    policies.set(arn, { name, id, path, arn, description, document, versionId: 'v1', createdAt: PUBLISHED });
  }
  return policies;
}

const byPartition = new Map<string, ReadonlyMap<string, AwsManagedPolicy>>();

/** All built-in policies of a partition, by ARN. */
export function awsManagedPolicies(partition: string): ReadonlyMap<string, AwsManagedPolicy> {
  let policies = byPartition.get(partition);
  if (policies === undefined) byPartition.set(partition, (policies = build(partition)));
  return policies;
}

export const awsManagedPolicy = (partition: string, arn: string): AwsManagedPolicy | undefined =>
  awsManagedPolicies(partition).get(arn);
