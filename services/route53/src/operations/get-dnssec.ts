/** Says that a zone is not signed. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { route53Error } from '../errors.ts';
import { findZone } from '../find.ts';
import { onZone } from '../permissions.ts';

export const getDnssec = operation<Route53Client, 'GetDNSSEC', Route53Deps>({
  name: 'GetDNSSEC',
  state: 'strong-read',
  permission: onZone,
  gaps: ['No zone is ever signed.'],
  handle({ HostedZoneId }, call, deps) {
    const { vpcs } = findZone(deps, call, HostedZoneId!);
    if (vpcs !== undefined)
      throw route53Error('InvalidArgument', 'The operation is not supported for private hosted zones.');
    return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
  },
});
