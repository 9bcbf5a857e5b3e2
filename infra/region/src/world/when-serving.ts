/** Waiting for regions to serve: asked for by whoever has just started them. */
import { type Clock, sleep } from '@stormglass/base';
import { WorldError } from '@stormglass/contracts';

export interface WhenServingOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly serves: () => boolean;
  /** What to add when it is too late: why it may be. */
  readonly why?: () => string;
}

const POLL_MS = 25;

/** @throws WorldError when it takes longer than `timeoutMs` */
export async function whenServing({ clock, timeoutMs, serves, why = () => '' }: WhenServingOptions): Promise<void> {
  const deadline = clock.monotonic() + timeoutMs;
  while (!serves()) {
    if (!(clock.monotonic() < deadline))
      throw new WorldError(`the region did not become ready within ${timeoutMs} ms${why()}`);
    await sleep(clock, POLL_MS);
  }
}
