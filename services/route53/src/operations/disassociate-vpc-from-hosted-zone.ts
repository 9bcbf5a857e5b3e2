/** Takes a private hosted zone from the sight of a VPC, which must not be its last one. */

import { defined } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { givenVpc } from '../given.ts';
import { newChangeId, plainId } from '../ids.ts';
import { onVpc } from '../permissions.ts';
import { submitted } from '../shapes.ts';

export const disassociateVpcFromHostedZone = operation<Route53Client, 'DisassociateVPCFromHostedZone', Route53Deps>({
  name: 'DisassociateVPCFromHostedZone',
  state: 'write',
  permission: onVpc,
  async handle({ HostedZoneId, VPC, Comment: comment }, call, deps) {
    const change = await execute(deps, call, {
      type: 'DisassociateVpc',
      accountId: call.accountId,
      zoneId: plainId(HostedZoneId!),
      changeId: newChangeId(deps.random),
      vpc: givenVpc(VPC!),
      ...defined({ comment }),
    });
    return { ChangeInfo: submitted(change) };
  },
});
