/**
 * What is sent is swallowed and never arrives; connections stay open and silent, new ones as well. A partition keeps
 * what was sent and delivers it later; this does not. Streams have no gaps: when the fault ends, a connection that lost
 * something breaks, as one does whose other end has forgotten it. That holds for message channels too.
 */
import type { LinkFaultKind } from './link-fault.ts';

export const blackHole: LinkFaultKind<Record<string, never>> = {
  name: 'black-hole',
  summary: 'what is sent never arrives; connections stay open, and break when it ends',
  parse: () => ({}),
  begin: () => () => 'swallow',
};
