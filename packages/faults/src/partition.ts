/** Nothing gets through: connections stay open and silent. What was sent meanwhile arrives when the link heals. */
import type { LinkFaultKind } from './link-fault.ts';

export const partition: LinkFaultKind<Record<string, never>> = {
  name: 'partition',
  summary: 'nothing gets through; connections stay open and silent',
  parse: () => ({}),
  begin: () => () => 'hold',
};
