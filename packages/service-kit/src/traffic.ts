/**
 * Who calls what how often, and how often they may: one token bucket for each account and operation, and the zone's
 * tables of contributors. Both are hot state (`@stormglass/hot-state`): nothing here waits, and nothing is kept.
 */
import { AwsError, type Operation, type ServiceModel } from '@stormglass/aws-wire';
import type { HotState, Limit } from '@stormglass/hot-state';
import type { AccountPrincipal } from '@stormglass/identity';

/** Tables of contributors, counted in calls that were authenticated; `throttled` in calls that were refused. */
export const TRAFFIC_TABLES = ['account', 'principal', 'operation', 'address', 'throttled'] as const;
export type TrafficTable = (typeof TRAFFIC_TABLES)[number];

/** Operations that AWS limits more tightly than others ("Quotas in AWS CloudTrail"). */
const OWN_LIMITS: ReadonlyMap<string, Limit> = new Map([['cloudtrail:LookupEvents', { ratePerSecond: 2, burst: 2 }]]);

export class Traffic {
  readonly hot: HotState;
  readonly #limit: Limit | undefined;
  readonly #actions = new Map<Operation, string>();
  #throttled = 0;

  /** Without a `limit` nobody is refused. */
  constructor(hot: HotState, limit: Limit | undefined) {
    this.hot = hot;
    this.#limit = limit;
  }

  get throttled(): number {
    return this.#throttled;
  }

  /**
   * Counts a call and takes its token.
   * @param principal undefined for a call that is not signed: what counts is then where it comes from
   * @throws AwsError when the account has called this operation too often
   */
  pass(operation: Operation, principal: AccountPrincipal | undefined, address: string): void {
    const action = this.#actionOf(operation);
    if (principal === undefined) this.#count({ operation: action, address });
    else this.#count({ account: principal.accountId, principal: principal.arn, operation: action, address });
    if (this.#limit === undefined) return;
    const bucket = `${principal?.accountId ?? address} ${action}`;
    if (this.hot.take(bucket, OWN_LIMITS.get(action) ?? this.#limit).allowed) return;
    this.#throttled++;
    this.#count({ throttled: bucket });
    throw rateExceeded(operation.model);
  }

  #count(contributors: Readonly<Partial<Record<TrafficTable, string>>>): void {
    this.hot.count(contributors);
  }

  /** Made once for each operation: text that is put together anew must be hashed anew, which is half of the cost. */
  #actionOf(operation: Operation): string {
    const known = this.#actions.get(operation);
    if (known !== undefined) return known;
    const action = `${operation.model.id}:${operation.name}`;
    this.#actions.set(operation, action);
    return action;
  }
}

/**
 * `Throttling` where errors are XML ("Common Errors" of IAM and STS; "DNS limitations and quotas" of Route 53 has both
 * code and message), `ThrottlingException` where they are JSON. SDKs know both and try again later.
 */
function rateExceeded({ protocols }: ServiceModel): AwsError {
  const code = /json/i.test(protocols[0]) ? 'ThrottlingException' : 'Throttling';
  return new AwsError(code, 400, 'Rate exceeded');
}
