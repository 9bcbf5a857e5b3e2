/**
 * The resources a call was about, as `LookupEvents` finds events by them. AWS publishes no list; these are the types
 * that its examples name for the services there are here, found by the names of parameters.
 */
import type { AuditIndex } from './audit-event.ts';

/** By `eventSource` and the parameter that names the resource. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'iam.amazonaws.com': {
    userName: 'AWS::IAM::User',
    roleName: 'AWS::IAM::Role',
    groupName: 'AWS::IAM::Group',
    policyName: 'AWS::IAM::Policy',
    policyArn: 'AWS::IAM::Policy',
    accessKeyId: 'AWS::IAM::AccessKey',
    instanceProfileName: 'AWS::IAM::InstanceProfile',
    openIDConnectProviderArn: 'AWS::IAM::OIDCProvider',
  },
  'sts.amazonaws.com': { roleArn: 'AWS::IAM::Role' },
  'route53.amazonaws.com': {
    id: 'AWS::Route53::HostedZone',
    hostedZoneId: 'AWS::Route53::HostedZone',
    healthCheckId: 'AWS::Route53::HealthCheck',
  },
  's3.amazonaws.com': { bucketName: 'AWS::S3::Bucket' },
  'acm-pca.amazonaws.com': { certificateAuthorityArn: 'AWS::ACMPCA::CertificateAuthority' },
  'cloudtrail.amazonaws.com': { name: 'AWS::CloudTrail::Trail', trailName: 'AWS::CloudTrail::Trail' },
};

type Elements = Readonly<Record<string, unknown>> | null;

export function resourcesOf(source: string, parameters: Elements, answer: Elements): AuditIndex['resources'] {
  const types = TYPES[source];
  if (types === undefined || (parameters === null && answer === null)) return [];
  const found: [string, string][] = [];
  for (const name in types) {
    const value = parameters?.[name];
    if (typeof value === 'string') found.push([types[name]!, value]);
  }
  if (source === 'sts.amazonaws.com' && answer !== null) found.push(...sessionResources(answer));
  return found;
}

/** The key and the session that a call of STS has given out. */
function sessionResources(answer: Readonly<Record<string, unknown>>): [string, string][] {
  const { accessKeyId } = (answer.credentials ?? {}) as Readonly<Record<string, unknown>>;
  const { assumedRoleId, arn } = (answer.assumedRoleUser ?? {}) as Readonly<Record<string, unknown>>;
  const found: [string, unknown][] = [
    ['AWS::IAM::AccessKey', accessKeyId],
    ['AWS::STS::AssumedRole', assumedRoleId],
    ['AWS::STS::AssumedRole', arn],
  ];
  return found.filter((each): each is [string, string] => typeof each[1] === 'string');
}
