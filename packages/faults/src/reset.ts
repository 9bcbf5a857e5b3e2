/** Connections break as soon as something is sent over them, each time with `probability`. Datagrams are dropped. */
import { type LinkFaultKind, numberSetting } from './link-fault.ts';

export const reset: LinkFaultKind<{ probability: number }> = {
  name: 'reset',
  summary: 'probability (0 to 1): connections break when something is sent',
  parse: settings => ({ probability: numberSetting(settings, 'probability', { min: 0, max: 1, fallback: 1 }) }),
  begin:
    ({ probability }, random) =>
    sent =>
      sent !== 'open' && random.next() < probability ? 'reset' : 0,
};
