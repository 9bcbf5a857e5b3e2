/** Lets a VPC see a private hosted zone. */

import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { givenVpc } from '../given.ts';
import { newChangeId, plainId } from '../ids.ts';
import { onVpc } from '../permissions.ts';
import { submitted } from '../shapes.ts';

export const associateVpcWithHostedZone = operation<Route53Client, 'AssociateVPCWithHostedZone', Route53Deps>({
  name: 'AssociateVPCWithHostedZone',
  state: 'write',
  permission: onVpc,
  gaps: [
    'VPCs exist nowhere here: any id of the right form will do. VPCs of other accounts are refused, for want of authorizations.',
  ],
  async handle({ HostedZoneId, VPC, Comment: comment }, call, deps) {
    const change = await execute(deps, call, {
      type: 'AssociateVpc',
      accountId: call.accountId,
      zoneId: plainId(HostedZoneId!),
      changeId: newChangeId(deps.random),
      vpc: givenVpc(VPC!),
      ...defined({ comment }),
    });
    return { ChangeInfo: submitted(change) };
  },
});
