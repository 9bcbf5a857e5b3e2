/** Lists the condition keys that the policies of a user, group or role speak about. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { onPolicySource } from '../permissions.ts';
import { contextKeysOf } from '../simulation/context-keys.ts';
import { givenSources, identitySources } from '../simulation/policy-sources.ts';
import { policySource } from '../simulation/simulated-caller.ts';

export const getContextKeysForPrincipalPolicy = operation<IamClient, 'GetContextKeysForPrincipalPolicy', IamDeps>({
  name: 'GetContextKeysForPrincipalPolicy',
  state: 'strong-read',
  permission: onPolicySource,
  handle({ PolicySourceArn, PolicyInputList }, call, deps) {
    const own = identitySources(deps.replica.view, policySource(deps, call, PolicySourceArn));
    const all = [...own, ...givenSources('IAM Policy', PolicyInputList)];
    return { ContextKeyNames: [...contextKeysOf(all.map(({ document }) => document)).values()] };
  },
});
