/** Says where the requests of health checkers come from. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { onEverything } from '../permissions.ts';

export const getCheckerIpRanges = operation<Route53Client, 'GetCheckerIpRanges', Route53Deps>({
  name: 'GetCheckerIpRanges',
  state: 'local-read',
  permission: onEverything,
  gaps: ['Checkers are processes of this machine.'],
  handle() {
    return { CheckerIpRanges: ['127.0.0.0/8'] };
  },
});
