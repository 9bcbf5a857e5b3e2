/** Says how far a change has come: it is in sync as soon as it is in the log. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { route53Error } from '../errors.ts';
import { plainId } from '../ids.ts';
import { onChange } from '../permissions.ts';
import { inSync } from '../shapes.ts';

export const getChange = operation<Route53Client, 'GetChange', Route53Deps>({
  name: 'GetChange',
  state: 'strong-read',
  permission: onChange,
  gaps: [
    'A change is in sync once its log entry is committed: every zone applies entries in order, and answers with what it has applied.',
  ],
  handle({ Id }, { accountId }, { replica }) {
    const id = plainId(Id!);
    const change = replica.view.change(id);
    if (change?.accountId !== accountId) throw route53Error('NoSuchChange', `Could not find resource with ID: ${id}`);
    return { ChangeInfo: inSync(change) };
  },
});
