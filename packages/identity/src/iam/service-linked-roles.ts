/**
 * Names and trust of service-linked roles (IAM User Guide, "AWS services that work with IAM" and the guides of the
 * services). A service that is not in the table gets the name that most services would have.
 */
import type { RoleRecord } from './records.ts';

/** What a role of the service is called, and whether it may have a suffix. */
interface ServiceLinkedName {
  readonly name: string;
  readonly hasSuffix?: true;
}

const SERVICES: ReadonlyMap<string, ServiceLinkedName> = new Map(
  Object.entries({
    'access-analyzer': { name: 'AccessAnalyzer' },
    'application-autoscaling': { name: 'ApplicationAutoScaling_CustomResource' },
    autoscaling: { name: 'AutoScaling', hasSuffix: true },
    batch: { name: 'Batch' },
    cloudtrail: { name: 'CloudTrail' },
    config: { name: 'Config' },
    connect: { name: 'AmazonConnect', hasSuffix: true },
    dax: { name: 'DAX' },
    'dynamodb.application-autoscaling': { name: 'ApplicationAutoScaling_DynamoDBTable' },
    ecs: { name: 'ECS' },
    'ecs.application-autoscaling': { name: 'ApplicationAutoScaling_ECSService' },
    eks: { name: 'AmazonEKS' },
    'eks-fargate': { name: 'AmazonEKSForFargate' },
    'eks-nodegroup': { name: 'AmazonEKSNodegroup' },
    elasticache: { name: 'ElastiCache' },
    elasticloadbalancing: { name: 'ElasticLoadBalancing' },
    es: { name: 'AmazonElasticsearchService' },
    fis: { name: 'FIS' },
    guardduty: { name: 'AmazonGuardDuty' },
    lex: { name: 'LexBots' },
    lexv2: { name: 'LexV2Bots', hasSuffix: true },
    opensearchservice: { name: 'AmazonOpenSearchService' },
    'ops.apigateway': { name: 'APIGateway' },
    organizations: { name: 'Organizations' },
    'practice-run.arc-zonal-shift': { name: 'ZonalAutoshiftPracticeRun' },
    rds: { name: 'RDS' },
    'replicator.lambda': { name: 'LambdaReplicator' },
    spot: { name: 'EC2Spot' },
    spotfleet: { name: 'EC2SpotFleet' },
    ssm: { name: 'AmazonSSM' },
    sso: { name: 'SSO' },
    support: { name: 'Support' },
    transitgateway: { name: 'VPCTransitGateway' },
    trustedadvisor: { name: 'TrustedAdvisor' },
  }),
);

const PATH_PREFIX = '/aws-service-role/';

export const serviceLinkedPath = (service: string): string => `${PATH_PREFIX}${service}/`;

/** Whether only AWS may change the role; its path says so, and nobody else may make roles there. */
export const isServiceLinked = (role: Pick<RoleRecord, 'path'>): boolean => role.path.startsWith(PATH_PREFIX);

/** The role of a service, or undefined when there is no such service; the name has no suffix yet. */
export function serviceLinkedName(service: string): ServiceLinkedName | undefined {
  const label = /^([a-z0-9.-]+)\.amazonaws\.com$/.exec(service)?.[1];
  if (label === undefined) return undefined;
  const { name, ...more } = SERVICES.get(label) ?? { name: label.split(/[.-]/).map(capitalized).join('') };
  return { name: `AWSServiceRoleFor${name}`, ...more };
}

export const serviceTrust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
