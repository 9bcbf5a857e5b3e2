/**
 * A client in a simulation: sends calls over virtual links to one zone after the other, and retries as an SDK does, with
 * one id for all attempts. What a zone is to do is a function, as what lies around it in a service is not simulated.
 */
import { AwsError } from '@stormglass/aws-wire';
import { errorStory, hexId, type Random, randomInt, sleep } from '@stormglass/base';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import type { ItemDeps } from '../../data/cells.ts';
import type { SimCells, SimZone } from './sim-cells.ts';
import { ACCOUNT } from './sim-table.ts';

/** What a client knows of its call in the end. */
export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  /** It did not happen, and will not. */
  | { readonly kind: 'refused'; readonly error: AwsError }
  | { readonly kind: 'unknown' };

export type Asked<Value> = (deps: ItemDeps, call: Call) => Promise<Value>;

type Reply<Value> = Answer<Value> | { readonly kind: 'broken'; readonly story: string };

const ATTEMPTS = 4;
/** A client hears nothing for this long and tries elsewhere: the front door has noticed by then. */
const SILENCE_MS = 900;
const DEADLINE_MS = 2000;
/** SDKs ask again by themselves after these. */
const LATER = new Set(['ServiceUnavailable', 'TransactionInProgressException']);

export class SimClient {
  readonly name: string;
  readonly #cells: SimCells;
  readonly #random: Random;
  /** What no client may ever see. */
  readonly #broken: (story: string) => void;
  readonly #retriesWithNewIds: boolean;
  calls = 0;

  constructor(
    cells: SimCells,
    random: Random,
    options: { readonly name: string; readonly retriesWithNewIds: boolean; readonly broken: (story: string) => void },
  ) {
    this.name = options.name;
    this.#cells = cells;
    this.#random = random;
    this.#broken = options.broken;
    this.#retriesWithNewIds = options.retriesWithNewIds;
  }

  /** @param isSimple a client without ids, which therefore never asks twice */
  async ask<Value>(run: Asked<Value>, isSimple = false): Promise<Answer<Value>> {
    this.calls++;
    let commandId = isSimple ? undefined : hexId(this.#random, 8);
    for (let attempt = 0; attempt < (isSimple ? 1 : ATTEMPTS); attempt++) {
      if (this.#retriesWithNewIds) commandId = hexId(this.#random, 8);
      const zone = this.#chooseZone(attempt);
      const reply = zone === undefined ? undefined : await this.#attempt(zone, run, commandId);
      if (reply?.kind === 'broken') this.#broken(reply.story);
      else if (reply !== undefined && reply.kind !== 'unknown') return reply;
      await sleep(this.#cells.clock, 20 + 100 * 2 ** attempt * this.#random.next());
    }
    return { kind: 'unknown' };
  }

  #chooseZone(attempt: number): SimZone | undefined {
    const zones = this.#cells.zones.filter(
      zone => zone.running !== undefined && !this.#cells.isCut('clients', zone.id),
    );
    return zones[(randomInt(this.#random, 3) + attempt) % Math.max(1, zones.length)];
  }

  /** One request and its answer over the links between clients and the zone; either may never arrive. */
  #attempt<Value>(zone: SimZone, run: Asked<Value>, commandId: string | undefined): Promise<Reply<Value> | undefined> {
    const { clock, network } = this.#cells;
    const { running } = zone;
    const { promise, resolve } = Promise.withResolvers<Reply<Value> | undefined>();
    const [near, far] = network.connect<undefined, Reply<Value>>('clients', zone.id);
    const cancel = clock.after(SILENCE_MS, () => resolve(undefined));
    near.listen({ message: resolve, closed: () => resolve(undefined) });
    const serve = () => {
      const deadline = zone.clock.monotonic() + DEADLINE_MS;
      const call = { accountId: ACCOUNT, commandId, deadline, trace: undefined } as Call;
      void replyTo(run(running!.deps, call)).then(reply => {
        if (zone.running === running) far.send(reply);
      });
    };
    far.listen({ message: () => zone.clock.run(serve), closed: () => {} });
    near.send(undefined);
    return promise.finally(() => {
      cancel();
      near.close();
    });
  }
}

async function replyTo<Value>(result: Promise<Value>): Promise<Reply<Value>> {
  try {
    return { kind: 'ok', value: await result };
  } catch (error) {
    if (error instanceof LogUnavailable) return { kind: 'unknown' };
    if (error instanceof AwsError) return LATER.has(error.code) ? { kind: 'unknown' } : { kind: 'refused', error };
    return { kind: 'broken', story: errorStory(error) };
  }
}
