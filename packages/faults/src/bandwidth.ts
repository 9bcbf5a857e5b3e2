/** The link carries `bytesPerSecond` and no more: bytes queue behind those sent before them. */
import { byteCountOf, type LinkFaultKind, numberSetting } from './link-fault.ts';

export const bandwidth: LinkFaultKind<{ bytesPerSecond: number }> = {
  name: 'bandwidth',
  summary: 'bytesPerSecond: the link carries no more than this',
  parse: settings => ({ bytesPerSecond: numberSetting(settings, 'bytesPerSecond', { min: 1, max: 1e12 }) }),
  begin: ({ bytesPerSecond }) => {
    let freeAt = 0;
    return (sent, now) => {
      freeAt = Math.max(freeAt, now) + (byteCountOf(sent) * 1000) / bytesPerSecond;
      return freeAt - now;
    };
  },
};
