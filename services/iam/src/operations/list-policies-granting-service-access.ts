/** Lists the policies of a user, group or role that allow anything of the given services. */
import type { ListPoliciesGrantingServiceAccessEntry, PolicyGrantingServiceAccess } from '@aws-sdk/client-iam';
import { entityNameOf, type PolicyStatement } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { type Attachment, identitySources } from '../simulation/policy-sources.ts';
import { policySource } from '../simulation/simulated-caller.ts';

const LIST = 'iam:ListPoliciesGrantingServiceAccess';

export const listPoliciesGrantingServiceAccess = operation<IamClient, 'ListPoliciesGrantingServiceAccess', IamDeps>({
  name: 'ListPoliciesGrantingServiceAccess',
  state: 'strong-read',
  permission: { resource: ({ Arn = '*' }) => Arn },
  handle(input, call, deps) {
    const sources = identitySources(deps.replica.view, policySource(deps, call, input.Arn));
    const page = pageOf(input.ServiceNamespaces, byPosition, pageRequest(LIST, { Marker: input.Marker }));
    const entries = page.items.map((ServiceNamespace): ListPoliciesGrantingServiceAccessEntry => {
      const service = ServiceNamespace.toLowerCase();
      const granting = sources.filter(({ document }) => document.statements.some(each => grants(each, service)));
      return { ServiceNamespace, Policies: granting.map(({ attachment }) => shown(attachment!)) };
    });
    return { PoliciesGrantingServiceAccess: entries, ...pageMarks(LIST, page) };
  },
});

/** Whether the statement allows any action of the service; what others deny is not asked. */
function grants({ effect, action: { negated, patterns } }: PolicyStatement, service: string): boolean {
  if (effect !== 'Allow') return false;
  const lower = patterns.map(pattern => pattern.toLowerCase());
  // A negated statement leaves a service out only when it leaves out all of it.
  if (negated) return !lower.some(pattern => ['*', '*:*', `${service}:*`].includes(pattern));
  return lower.some(pattern => ['*', service].includes(pattern.split(':', 1)[0]!));
}

const ENTITIES = { user: 'USER', group: 'GROUP', role: 'ROLE' } as const;

const shown = (attachment: Attachment): PolicyGrantingServiceAccess =>
  attachment.how === 'inline'
    ? {
        PolicyName: attachment.policyName,
        PolicyType: 'INLINE',
        EntityType: ENTITIES[attachment.to],
        EntityName: attachment.name,
      }
    : { PolicyName: entityNameOf(attachment.arn), PolicyType: 'MANAGED', PolicyArn: attachment.arn };
