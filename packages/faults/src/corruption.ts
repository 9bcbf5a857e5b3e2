/**
 * One bit is flipped in each byte with `probability`. Streams and datagrams arrive so, and it is for TLS or whoever
 * reads them to notice. Message channels run over mutual TLS, where one flipped bit ends the connection: on them a
 * message with a flipped bit breaks it. The opening and the end of a connection carry no bytes.
 */
import type { Random } from '@stormglass/base';
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

export const corruption: LinkFaultKind<{ probability: number }> = {
  name: 'corruption',
  summary: 'probability (0 to 1): a bit is flipped in each byte with it',
  parse: settings => ({ probability: numberSetting(settings, 'probability', { min: 0, max: 1 }) }),
  begin: ({ probability }, random) => {
    const gap = gaps(probability, random);
    let next = gap();
    return sent => {
      if (typeof sent === 'string') return 0;
      const byteCount = typeof sent === 'number' ? sent : sent.length;
      const isHit = next < byteCount;
      for (; next < byteCount; next += 1 + gap()) {
        if (typeof sent !== 'number') sent[next]! ^= 1 << Math.floor(8 * random.next());
      }
      next -= byteCount;
      return isHit && typeof sent === 'number' ? 'reset' : 0;
    };
  },
};

/** How many bytes are spared before the next is hit: one draw a hit, in place of one a byte (geometric distribution). */
function gaps(probability: number, random: Random): () => number {
  if (probability === 0) return () => Number.POSITIVE_INFINITY;
  if (probability === 1) return () => 0;
  const scale = Math.log1p(-probability);
  return () => Math.floor(Math.log(random.next()) / scale);
}
