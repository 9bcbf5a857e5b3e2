/** Makes a hosted zone, with its SOA and NS records; a private one when a VPC is given. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { invalidInput, notOffered } from '../errors.ts';
import { givenVpc } from '../given.ts';
import { locationOf, newChangeId, newZoneId } from '../ids.ts';
import { onVpc } from '../permissions.ts';
import { shownVpc, shownZone, submitted } from '../shapes.ts';

export const createHostedZone = operation<Route53Client, 'CreateHostedZone', Route53Deps>({
  name: 'CreateHostedZone',
  state: 'write',
  permission: onVpc,
  gaps: [
    'Reusable delegation sets are refused.',
    'Every zone has the same four name servers, names of the region.',
    'A private zone of a name that a VPC already has is refused, also in VPCs that exist nowhere.',
  ],
  async handle(input, call, deps) {
    const { random, nameServers } = deps;
    const { HostedZoneConfig, VPC, DelegationSetId } = input;
    if (DelegationSetId !== undefined) throw notOffered('Reusable delegation sets');
    if (HostedZoneConfig?.PrivateZone === true && VPC === undefined)
      throw invalidInput('When creating a private hosted zone, you must specify a VPC.');
    if (HostedZoneConfig?.PrivateZone === false && VPC !== undefined)
      throw invalidInput('A VPC can only be specified for a private hosted zone.');
    const { zone, change } = await execute(deps, call, {
      type: 'CreateHostedZone',
      accountId: call.accountId,
      zoneId: newZoneId(random),
      changeId: newChangeId(random),
      name: input.Name!,
      callerReference: input.CallerReference!,
      comment: HostedZoneConfig?.Comment ?? '',
      ...(VPC === undefined ? {} : { vpc: givenVpc(VPC) }),
      nameServers,
    });
    const [vpc] = zone.vpcs ?? [];
    return {
      HostedZone: shownZone(zone),
      ChangeInfo: submitted(change),
      DelegationSet: { NameServers: [...zone.nameServers] },
      ...(vpc === undefined ? {} : { VPC: shownVpc(vpc) }),
      Location: locationOf('hostedzone', zone.id),
    };
  },
});
