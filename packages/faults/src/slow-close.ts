/**
 * The end of a connection arrives late: whoever waits for it waits `closeMs` longer, and a connection that is over for
 * one side is held by the other. A call between hosts ends with its answer, which arrives that late. Message channels
 * that end with their connection and say nothing, as the log's do, and datagrams, which have no end, do not meet it.
 */
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

const MINUTE_MS = 60_000;

export const slowClose: LinkFaultKind<{ closeMs: number }> = {
  name: 'slow-close',
  summary: 'closeMs: the end of a connection arrives later',
  parse: settings => ({ closeMs: numberSetting(settings, 'closeMs', { min: 0, max: MINUTE_MS }) }),
  begin:
    ({ closeMs }) =>
    sent =>
      sent === 'end' ? closeMs : 0,
};
