/** May this caller do that? Asks the policies for what an operation needs, and words the refusal. */
import type { AwsError, ProtocolName } from '@stormglass/aws-wire';
import type { Random } from '@stormglass/base';
import {
  type AuthorizationRequest,
  authorize,
  type Decision,
  type RequestContext,
  sealAuthorizationMessage,
} from '@stormglass/identity';
import type { IamReplica } from './authentication.ts';
import type { FurtherPermission, OpenCall, ResourceOwner } from './operation.ts';
import { withKeys } from './request-facts.ts';
import type { BoundOperation, Service } from './service.ts';
import { accessDenied, unauthorizedOperation } from './service-errors.ts';

export interface AuthorizerOptions {
  readonly iam: IamReplica;
  readonly random: Random;
}

interface Demand {
  readonly action: string;
  readonly resource: string;
  readonly owner?: ResourceOwner | undefined;
  readonly context: RequestContext;
}

export class Authorizer {
  readonly #options: AuthorizerOptions;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** @throws AwsError unless all permissions of the operation are given */
  async operation(
    service: Service,
    { permissions }: BoundOperation,
    input: Record<string, unknown>,
    call: OpenCall,
  ): Promise<void> {
    for (const permission of permissions) {
      const resources = permission.resources(input, call);
      if (resources.length === 0) continue;
      const action = permission.action(input, call);
      const owner = permission.owner?.(input, call);
      const context = withKeys(call.facts, () => permission.context(input, call));
      for (const resource of resources) await this.#demand(service, { action, resource, owner, context }, call);
    }
  }

  /** @throws AwsError unless that is allowed as well */
  further(service: Service, { context, ...asked }: FurtherPermission, call: OpenCall): Promise<void> {
    return this.#demand(service, { ...asked, context: withKeys(call.facts, () => context) }, call);
  }

  async #demand(service: Service, { owner, ...asked }: Demand, { principal, now }: OpenCall): Promise<void> {
    const ask = { ...asked, principal, resourceAccount: owner?.account, resourcePolicy: owner?.policy, now };
    const decision = await this.#decide(ask);
    if (decision.allowed) return;
    throw service.denied?.(ask, decision) ?? this.#denied(ask, decision, service.model.protocols[0]);
  }

  async #decide(ask: AuthorizationRequest): Promise<Decision> {
    const { iam } = this.#options;
    const decision = authorize(iam.view, ask);
    if (decision.allowed || decision.explicit) return decision;
    // The permission may have been given in another zone a moment ago.
    await iam.catchUp().catch(() => {});
    return authorize(iam.view, ask);
  }

  #denied(ask: AuthorizationRequest, decision: Decision & { allowed: false }, protocol: ProtocolName): AwsError {
    if (protocol !== 'ec2Query') return accessDenied(ask, decision, protocol);
    const { iam, random } = this.#options;
    return unauthorizedOperation(sealAuthorizationMessage(iam.view.tokenKeys(), ask, decision, random));
  }
}
