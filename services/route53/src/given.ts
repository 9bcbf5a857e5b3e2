/** What clients give, in the form of commands; members that are not offered here are refused by name. */
import type { ResourceRecordSet, Change as SdkChange, VPC as SdkVpc } from '@aws-sdk/client-route-53';
import { defined } from '@stormglass/base';
import type {
  HealthCheckConfig,
  HealthCheckType,
  RecordSetChange,
  RecordSetInput,
  Vpc,
} from '@stormglass/hosted-zones';
import { invalidInput, notOffered, route53Error } from './errors.ts';
import { plainId } from './ids.ts';

export const givenChange = ({ Action, ResourceRecordSet: set }: SdkChange): RecordSetChange => ({
  action: Action!,
  set: givenRecordSet(set!),
});

function givenRecordSet(set: ResourceRecordSet): RecordSetInput {
  if (set.GeoProximityLocation !== undefined) throw notOffered('Record sets with GeoProximityLocation');
  if (set.CidrRoutingConfig !== undefined) throw notOffered('Record sets with CidrRoutingConfig');
  if (set.TrafficPolicyInstanceId !== undefined) throw notOffered('Record sets of traffic policies');
  const { Name, Type, AliasTarget: alias, GeoLocation: geo } = set;
  return {
    name: Name!,
    type: Type!,
    ...defined({
      setIdentifier: set.SetIdentifier,
      weight: set.Weight,
      region: set.Region,
      failover: set.Failover,
      multiValue: set.MultiValueAnswer,
      geo: geo && defined({ continent: geo.ContinentCode, country: geo.CountryCode, subdivision: geo.SubdivisionCode }),
      ttl: set.TTL,
      values: set.ResourceRecords?.map(({ Value }) => Value!),
      alias: alias && {
        zoneId: plainId(alias.HostedZoneId!),
        name: alias.DNSName!,
        evaluateTargetHealth: alias.EvaluateTargetHealth!,
      },
      // Clients that fill in forms send an empty id for none.
      healthCheckId: set.HealthCheckId === '' ? undefined : set.HealthCheckId,
    }),
  };
}

export function givenVpc(vpc: SdkVpc): Vpc {
  const { VPCId: id, VPCRegion: region } = vpc;
  if (id === undefined || !/^vpc-[0-9a-f]{8,17}$/.test(id))
    throw route53Error('InvalidVPCId', `The VPC ID ${id ?? ''} is not valid.`);
  if (region === undefined) throw invalidInput('VPCRegion is required.');
  return { id, region };
}

/** The settings of a health check that both creating and changing one may give. */
interface GivenConfig {
  readonly IPAddress?: string | undefined;
  readonly Port?: number | undefined;
  readonly ResourcePath?: string | undefined;
  readonly FullyQualifiedDomainName?: string | undefined;
  readonly SearchString?: string | undefined;
  readonly FailureThreshold?: number | undefined;
  readonly Inverted?: boolean | undefined;
  readonly Disabled?: boolean | undefined;
  readonly HealthThreshold?: number | undefined;
  readonly ChildHealthChecks?: readonly string[] | undefined;
  readonly EnableSNI?: boolean | undefined;
  readonly Regions?: readonly string[] | undefined;
  readonly AlarmIdentifier?: unknown;
  readonly InsufficientDataHealthStatus?: unknown;
}

export function givenSettings(input: GivenConfig): Partial<HealthCheckConfig> {
  if (input.AlarmIdentifier !== undefined || input.InsufficientDataHealthStatus !== undefined)
    throw notOffered('Health checks of CloudWatch alarms');
  return defined({
    ipAddress: input.IPAddress,
    port: input.Port,
    resourcePath: input.ResourcePath === undefined ? undefined : withSlash(input.ResourcePath),
    domainName: input.FullyQualifiedDomainName,
    searchString: input.SearchString,
    failureThreshold: input.FailureThreshold,
    inverted: input.Inverted,
    disabled: input.Disabled,
    healthThreshold: input.HealthThreshold,
    children: input.ChildHealthChecks,
    enableSni: input.EnableSNI,
    regions: input.Regions,
  });
}

const withSlash = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

interface GivenCheck extends GivenConfig {
  readonly Type?: string | undefined;
  readonly RequestInterval?: number | undefined;
  readonly MeasureLatency?: boolean | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  HTTP: 80,
  HTTP_STR_MATCH: 80,
  HTTPS: 443,
  HTTPS_STR_MATCH: 443,
};

/** All settings of a new health check, with the values that AWS gives to those that are left out. */
export function givenConfig(input: GivenCheck): HealthCheckConfig {
  const type = input.Type as HealthCheckType;
  if (input.Type === 'CLOUDWATCH_METRIC') throw notOffered('Health checks of type CLOUDWATCH_METRIC');
  if (input.Type === 'RECOVERY_CONTROL') throw notOffered('Health checks of type RECOVERY_CONTROL');
  const given = { inverted: false, disabled: false, ...givenSettings(input) };
  if (type === 'CALCULATED') return { type, ...given, ...defined({ requestInterval: input.RequestInterval }) };
  const port = DEFAULT_PORTS[type];
  return {
    type,
    ...(port === undefined ? {} : { port }),
    ...(type.startsWith('HTTPS') ? { enableSni: true } : {}),
    failureThreshold: 3,
    ...given,
    requestInterval: input.RequestInterval ?? 30,
    measureLatency: input.MeasureLatency ?? false,
  };
}
