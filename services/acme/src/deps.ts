/** What ACME works on: its replica, the region's certificate authority, and the zone's resolver. */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { CertificateIssuer } from '@stormglass/contracts';
import type { Replica } from '@stormglass/replicated-state';
import type { AcmeCommand } from './state/commands.ts';
import type { AcmeResult } from './state/result.ts';
import type { AcmeView } from './state/view.ts';

export type AcmeReplica = Replica<AcmeCommand, AcmeResult, AcmeView>;

/** The zone's resolver: records of a type, `data` in the shapes of `dns-packet`; rejects when it cannot say. */
export type Resolve = (
  name: string,
  type: string,
) => Promise<readonly { readonly type: string; readonly data: unknown }[]>;

export interface AcmeOptions {
  readonly replica: AcmeReplica;
  readonly issuer: CertificateIssuer;
  readonly resolve: Resolve;
  /** Where http-01 challenges are asked for. */
  readonly httpPort: number;
  readonly zone: string;
  /** How long a request may wait for the log, in ms. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
