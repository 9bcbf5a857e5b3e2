/**
 * What a fault on a link is: settings, and one small behaviour that says what happens to the bytes sent next. Faults
 * know nothing of sockets: `shaped-direction.ts` carries their verdicts out, on real sockets and in simulations alike.
 */
import type { Random } from '@stormglass/base';

/**
 * What becomes of bytes handed to a link: they arrive after so many ms, they wait for the link to heal, or the
 * connection breaks.
 */
export type Verdict = number | 'hold' | 'reset';

/** The behaviour of one fault on one direction of one connection. `now` is monotonic ms. */
export type LinkBehaviour = (byteCount: number, now: number) => Verdict;

export interface LinkFaultKind<Settings> {
  readonly name: string;
  /** One line for `stormglass fault list` and the documentation. */
  readonly summary: string;
  /**
   * Checks what a caller gave.
   * @throws FaultSettingsError
   */
  parse(settings: Readonly<Record<string, unknown>>): Settings;
  begin(settings: Settings, random: Random): LinkBehaviour;
}

export class FaultSettingsError extends Error {
  override readonly name = 'FaultSettingsError';
}

/**
 * Reads a number within bounds from fault settings.
 * @throws FaultSettingsError naming the setting
 */
export function numberSetting(
  settings: Readonly<Record<string, unknown>>,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly fallback?: number },
): number {
  const value = settings[name] ?? bounds.fallback;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= bounds.min && number <= bounds.max)) {
    throw new FaultSettingsError(`${name} must be a number from ${bounds.min} to ${bounds.max}`);
  }
  return number;
}
