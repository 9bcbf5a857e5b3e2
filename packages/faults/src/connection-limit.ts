/**
 * A link carries so many connections at once, and refuses more. Those that are open stay, even if there are too many.
 * A call between hosts counts as a connection while it lasts; so does who sends datagrams and whom they are for, and
 * the datagrams of more are dropped.
 */
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

export const connectionLimit: LinkFaultKind<{ connections: number }> = {
  name: 'connection-limit',
  summary: 'connections: more at a time are refused',
  parse: settings => ({ connections: numberSetting(settings, 'connections', { min: 0, max: 1e6 }) }),
  admits: ({ connections }, openConnections) => openConnections < connections,
};
