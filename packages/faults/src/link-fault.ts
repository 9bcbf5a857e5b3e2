/**
 * What a fault on a link is: settings, and one small behaviour that says what happens to the bytes sent next. Faults
 * know nothing of sockets: `shaped-direction.ts` carries their verdicts out, on real sockets and in simulations alike.
 */
import type { Random } from '@stormglass/base';

/**
 * What is handed to a link: the bytes of a stream or a datagram, which a fault may change; a message of so many bytes
 * that nobody looks into; or the opening or the end of a connection.
 */
export type Sent = Uint8Array | number | 'open' | 'end';

/** Bytes on the wire; the opening and the end of a connection are packets without a payload. */
export const byteCountOf = (sent: Sent): number =>
  typeof sent === 'number' ? sent : typeof sent === 'string' ? 0 : sent.length;

/**
 * What becomes of something handed to a link: it arrives after so many ms, it waits for the link to heal, it is
 * swallowed, or the connection breaks.
 */
export type Verdict = number | 'hold' | 'swallow' | 'reset';

/** A stream is kept whole and in order; of datagrams each goes its own way, and may get lost alone. */
export type Medium = 'stream' | 'datagrams';

/** The behaviour of one fault on one direction of one connection. `now` is monotonic ms. */
export type LinkBehaviour = (sent: Sent, now: number) => Verdict;

export interface LinkFaultKind<Settings> {
  readonly name: string;
  /** One line for `stormglass fault list` and the documentation. */
  readonly summary: string;
  /**
   * Checks what a caller gave.
   * @throws FaultSettingsError
   */
  parse(settings: Readonly<Record<string, unknown>>): Settings;
  /** What it does to what is sent; nothing, when it has none. */
  begin?(settings: Settings, random: Random, medium: Medium): LinkBehaviour;
  /** Whether one more connection may be made beside those that are open; any may, when it has none. */
  admits?(settings: Settings, openConnections: number): boolean;
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
