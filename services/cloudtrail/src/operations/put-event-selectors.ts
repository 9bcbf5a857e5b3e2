/** Says which events a trail delivers, in place of what was said before. */
import { operation } from '@stormglass/service-kit';
import { type CloudTrailClient, type CloudTrailDeps, execute } from '../deps.ts';
import { readSelectors, shownSelectors } from '../event-selectors.ts';
import { nameOf, onTrail } from '../trail-names.ts';

export const putEventSelectors = operation<CloudTrailClient, 'PutEventSelectors', CloudTrailDeps>({
  name: 'PutEventSelectors',
  state: 'write',
  permission: onTrail,
  gaps: [
    'Management events only: data resources and advanced selectors are refused with UnsupportedOperationException.',
  ],
  async handle(input, call, deps) {
    const selectors = readSelectors(input);
    const { accountId } = call;
    const name = nameOf(input.TrailName!, call);
    return shownSelectors(await execute(deps, call, { type: 'PutEventSelectors', accountId, name, selectors }));
  },
});
