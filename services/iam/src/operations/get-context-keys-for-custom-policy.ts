/** Lists the condition keys that the given policies speak about. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { contextKeysOf } from '../simulation/context-keys.ts';
import { givenSources } from '../simulation/policy-sources.ts';

export const getContextKeysForCustomPolicy = operation<IamClient, 'GetContextKeysForCustomPolicy', IamDeps>({
  name: 'GetContextKeysForCustomPolicy',
  state: 'local-read',
  permission: { resource: () => '*' },
  handle({ PolicyInputList }) {
    const given = givenSources('IAM Policy', PolicyInputList);
    return { ContextKeyNames: [...contextKeysOf(given.map(({ document }) => document)).values()] };
  },
});
