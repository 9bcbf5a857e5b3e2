/** What STS works on: the zone's replica of the IAM state, which holds roles and sealing keys. STS itself keeps nothing. */
import type { Clock, Random } from '@stormglass/base';
import type { IamReplica } from '@stormglass/service-kit';
import type { IssuerKeys } from './web-identity/issuer-keys.ts';

/** The official client, whose types say what each operation takes and answers. */
export type StsClient = typeof import('@aws-sdk/client-sts');

/** Which endpoint a service answers for. */
export type StsProfile = 'regional' | 'global';

export interface StsDeps {
  readonly iam: IamReplica;
  readonly clock: Clock;
  readonly random: Random;
  readonly profile: StsProfile;
  /** Keys of the identity providers that accounts trust. */
  readonly issuerKeys: IssuerKeys;
}
