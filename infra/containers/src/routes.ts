/** Which container answers for which service: what an entrance needs to know of a service, without loading it. */
import type { ServiceName } from '@stormglass/region/services';

export interface Route {
  readonly service: ServiceName;
  /** First label of its host names. */
  readonly prefix: string;
  readonly isGlobal: boolean;
  readonly model: { readonly signingName: string; readonly targetPrefix: string };
  /** Operations whose calls need no signature. */
  readonly unsignedActions: readonly string[];
  /** Other names that its requests may be signed for. */
  readonly alsoSignedAs?: readonly string[];
  /** Bytes of a request's body; the host's own limit where it is not said. */
  readonly bodyBytesMax?: number;
  /** Takes what nobody signed and what names no other service. */
  readonly anonymous?: true;
}

const route = (
  service: ServiceName,
  targetPrefix: string,
  isGlobal: boolean,
  unsignedActions: readonly string[] = [],
): Route => ({
  service,
  prefix: service,
  isGlobal,
  model: { signingName: service, targetPrefix },
  unsignedActions,
});

/** AWS's services; a test compares them with the services themselves. */
export const ROUTES: readonly Route[] = [
  route('account', 'Account', true),
  route('acm-pca', 'ACMPrivateCA', false),
  route('cloudtrail', 'CloudTrail_20131101', false),
  { ...route('dynamodb', 'DynamoDB_20120810', false), bodyBytesMax: 16 * 1024 * 1024 },
  route('iam', 'AWSIdentityManagementV20100508', true),
  route('route53', 'AWSDnsV20130401', true),
  { ...route('s3', 'AmazonS3', false), alsoSignedAs: ['s3express'], anonymous: true },
  route('sts', 'AWSSecurityTokenServiceV20110615', false, ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']),
];

/** Services that are none of AWS, by the path below which they answer. */
export const MOUNTED: readonly { readonly service: ServiceName; readonly path: string }[] = [
  { service: 'acme', path: '/_stormglass/acme' },
  { service: 's3', path: '/_stormglass/s3' },
];

/** Services whose bodies are not held in memory. */
export const STREAMED: ReadonlySet<ServiceName> = new Set(['s3']);
