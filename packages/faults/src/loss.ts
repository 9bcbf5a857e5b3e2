/**
 * Packets get lost. TCP hides a loss and pays for it with a retransmission timeout that doubles with each further loss
 * of the same segment (RFC 6298), so that is what a loss costs here.
 */
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

const SEGMENT_BYTES = 1460;
const TIMEOUT_MS = 200;
const TIMEOUTS_MAX = 8;

export const loss: LinkFaultKind<{ probability: number }> = {
  name: 'loss',
  summary: 'probability (0 to 1): packets are lost and retransmitted',
  parse: settings => ({ probability: numberSetting(settings, 'probability', { min: 0, max: 1 }) }),
  begin:
    ({ probability }, random) =>
    byteCount => {
      let slowestMs = 0;
      for (let sent = 0; sent < byteCount; sent += SEGMENT_BYTES) {
        let waitedMs = 0;
        for (let losses = 0; losses < TIMEOUTS_MAX && random.next() < probability; losses++)
          waitedMs += TIMEOUT_MS * 2 ** losses;
        slowestMs = Math.max(slowestMs, waitedMs);
      }
      return slowestMs;
    },
};
