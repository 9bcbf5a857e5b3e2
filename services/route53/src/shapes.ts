/** Records as Route 53 shows them. Pure: answers to writes are made from the result of the command alone. */
import type {
  ChangeInfo,
  DelegationSet,
  HealthCheckObservation,
  ResourceRecordSet,
  HealthCheckConfig as SdkConfig,
  HealthCheck as SdkHealthCheck,
  HostedZone as SdkHostedZone,
  Tag as SdkTag,
  VPC as SdkVpc,
} from '@aws-sdk/client-route-53';
import type { Change, HealthCheck, HealthCheckConfig, HostedZone, RecordSet, Tag, Vpc } from '@stormglass/hosted-zones';
import type { Observation } from './health-checkers/observation.ts';
import { changePath, zonePath } from './ids.ts';

export const shownZone = ({ id, name, callerReference, comment, vpcs, recordSetCount }: HostedZone): SdkHostedZone => ({
  Id: zonePath(id),
  Name: name,
  CallerReference: callerReference,
  Config: { ...(comment === '' ? {} : { Comment: comment }), PrivateZone: vpcs !== undefined },
  ResourceRecordSetCount: recordSetCount,
});

/** Public zones have name servers that the world asks; private ones do not show theirs. */
export const shownDelegation = ({ nameServers, vpcs }: HostedZone): { DelegationSet?: DelegationSet } =>
  vpcs === undefined ? { DelegationSet: { NameServers: [...nameServers] } } : {};

export const shownVpc = ({ id, region }: Vpc): SdkVpc => ({ VPCId: id, VPCRegion: region as SdkVpc['VPCRegion'] });

const changeInfo = ({ id, submittedAt, comment }: Change, status: ChangeInfo['Status']): ChangeInfo => ({
  Id: changePath(id),
  Status: status,
  SubmittedAt: new Date(submittedAt),
  ...(comment === undefined ? {} : { Comment: comment }),
});

/** As the answer to a change has it: AWS says that it is on its way. */
export const submitted = (change: Change): ChangeInfo => changeInfo(change, 'PENDING');
export const inSync = (change: Change): ChangeInfo => changeInfo(change, 'INSYNC');

export function shownRecordSet(set: RecordSet): ResourceRecordSet {
  const { name, type, setIdentifier, weight, region, failover, multiValue, geo, ttl, values, alias, healthCheckId } =
    set;
  return {
    Name: name,
    Type: type as ResourceRecordSet['Type'],
    SetIdentifier: setIdentifier,
    Weight: weight,
    Region: region as ResourceRecordSet['Region'],
    Failover: failover,
    MultiValueAnswer: multiValue,
    GeoLocation: geo && { ContinentCode: geo.continent, CountryCode: geo.country, SubdivisionCode: geo.subdivision },
    TTL: ttl,
    ResourceRecords: values?.map(Value => ({ Value })),
    AliasTarget: alias && {
      HostedZoneId: alias.zoneId,
      DNSName: alias.name,
      EvaluateTargetHealth: alias.evaluateTargetHealth,
    },
    HealthCheckId: healthCheckId,
  };
}

export const shownHealthCheck = ({ id, callerReference, version, config }: HealthCheck): SdkHealthCheck => ({
  Id: id,
  CallerReference: callerReference,
  HealthCheckConfig: shownConfig(config),
  HealthCheckVersion: version,
});

const shownConfig = (config: HealthCheckConfig): SdkConfig => ({
  Type: config.type,
  IPAddress: config.ipAddress,
  Port: config.port,
  ResourcePath: config.resourcePath,
  FullyQualifiedDomainName: config.domainName,
  SearchString: config.searchString,
  RequestInterval: config.requestInterval,
  FailureThreshold: config.failureThreshold,
  MeasureLatency: config.measureLatency,
  Inverted: config.inverted,
  Disabled: config.disabled,
  HealthThreshold: config.healthThreshold,
  ChildHealthChecks: config.children && [...config.children],
  EnableSNI: config.enableSni,
  Regions: config.regions && ([...config.regions] as SdkConfig['Regions']),
});

export const shownTags = (tags: readonly Tag[]): SdkTag[] => tags.map(({ key, value }) => ({ Key: key, Value: value }));

export const shownObservation = ({ region, ipAddress, status, checkedAt }: Observation): HealthCheckObservation => ({
  Region: region as HealthCheckObservation['Region'],
  IPAddress: ipAddress,
  StatusReport: { Status: status, CheckedTime: new Date(checkedAt) },
});
