/** What Account Management works on: the zone's replica of the IAM state, which knows the regions that accounts opt in to. */
import type { Random } from '@stormglass/base';
import type { IamLog } from '@stormglass/identity';

/** The official client, whose types say what each operation takes and answers. */
export type AccountClient = typeof import('@aws-sdk/client-account');

export interface AccountDeps {
  readonly replica: IamLog;
  readonly random: Random;
}
