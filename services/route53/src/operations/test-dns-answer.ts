/** Answers for a name as the zone that was asked would answer a DNS query now. */

import { canonicalName, NameProblem } from '@stormglass/hosted-zones';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { findHere, findZone } from '../find.ts';
import { onEverything } from '../permissions.ts';

export const testDnsAnswer = operation<Route53Client, 'TestDNSAnswer', Route53Deps>({
  name: 'TestDNSAnswer',
  state: 'local-read',
  permission: onEverything,
  gaps: [
    'Where a resolver or client stands (ResolverIP, EDNS0ClientSubnetIP) changes nothing.',
    'The zone that takes the call answers, from its own copy of the state and by what its own checkers see.',
  ],
  async handle(input, call, deps) {
    const { RecordName, RecordType, ResolverIP } = input;
    const zone = await findHere(deps, call, () => findZone(deps, call, input.HostedZoneId!));
    const name = nameWithin(zone.name, RecordName!);
    const asked = { zone: call.zone, region: call.region, client: ResolverIP ?? '' };
    const found = deps.lookup.lookup(zone, name, RecordType!, asked);
    return {
      Nameserver: deps.nameServers[0]!,
      RecordName: name.slice(0, -1),
      RecordType: RecordType!,
      RecordData: found.kind === 'answer' ? found.records.map(({ text }) => text) : [],
      ResponseCode: found.kind === 'no-such-name' ? 'NXDOMAIN' : 'NOERROR',
      Protocol: 'UDP',
    };
  },
});

function nameWithin(apex: string, text: string): string {
  try {
    const name = canonicalName(text);
    if (name === apex || name.endsWith(`.${apex}`)) return name;
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error;
    throw invalidInput(`FATAL problem: ${error.message} encountered with '${text}'`);
  }
  throw invalidInput(`The name ${text} does not lie within the hosted zone ${apex}`);
}
