/**
 * Which NATS servers are fit to hold state. Older ones are refused, not tolerated: 2.9 lost acknowledged messages and
 * changed delivered ones in every one of our partition tests, and streams vanished in 2.10.20 to 2.10.22.
 */
export const MINIMUM_VERSION = '2.10.27';

export class ServerTooOld extends Error {
  override readonly name = 'ServerTooOld';
  constructor(found: string) {
    super(`the NATS server is version ${found}; JetStream logs need ${MINIMUM_VERSION} or newer`);
  }
}

/** @throws ServerTooOld */
export function assertServerVersion(found: string): void {
  if (compareVersions(found, MINIMUM_VERSION) < 0) throw new ServerTooOld(found);
}

/** Negative when `a` is older than `b`. A pre-release counts as the release it leads to. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A version we cannot read counts as 0.0.0 and is refused. */
const numbers = (version: string): number[] =>
  /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [0, 0, 0];
