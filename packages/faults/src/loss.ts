/**
 * Packets get lost. TCP hides a loss and pays for it with a retransmission timeout that doubles with each further loss
 * of the same segment (RFC 6298), so that is what a loss costs a stream. Nobody sends a datagram twice: it is gone.
 */
import { byteCountOf, type LinkFaultKind, numberSetting } from './link-fault.ts';

const SEGMENT_BYTES = 1460;
const TIMEOUT_MS = 200;
const TIMEOUTS_MAX = 8;

export const loss: LinkFaultKind<{ probability: number }> = {
  name: 'loss',
  summary: 'probability (0 to 1): packets are lost; those of a stream are sent again',
  parse: settings => ({ probability: numberSetting(settings, 'probability', { min: 0, max: 1 }) }),
  begin: ({ probability }, random, medium) => {
    if (medium === 'datagrams') return () => (random.next() < probability ? 'swallow' : 0);
    return sent => {
      // All of it arrives when its slowest segment does; the opening and the end are segments as well.
      const segments = Math.max(1, Math.ceil(byteCountOf(sent) / SEGMENT_BYTES));
      let slowestMs = 0;
      for (let segment = 0; segment < segments; segment++) {
        let waitedMs = 0;
        for (let losses = 0; losses < TIMEOUTS_MAX && random.next() < probability; losses++)
          waitedMs += TIMEOUT_MS * 2 ** losses;
        slowestMs = Math.max(slowestMs, waitedMs);
      }
      return slowestMs;
    };
  },
};
