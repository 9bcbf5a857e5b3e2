/**
 * Does for the cells what nobody waits for: ends transactions that were left alone, deletes items whose time to live is
 * over, and lets go of what was kept long enough. It looks at this zone's copy first, so that idle cells hear nothing of
 * it; it may run in every zone at once, and be killed anywhere.
 */
import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import type { ItemCommand, ItemResult, Step } from '@stormglass/item-store';
import { type CellReplica, cellOf } from '../data/cells.ts';
import { finishAbandoned } from '../data/transactions/finish-abandoned.ts';

export interface CellKeeperOptions {
  readonly cellReplicas: ReadonlyMap<number, CellReplica>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two looks at a cell, in ms. */
  readonly intervalMs: number;
  /** Which of the region's zones this is, from 0 on, and how many there are. Each cell has one that goes first. */
  readonly zone: number;
  readonly zones: number;
}

/** By how much later than the one before it a zone takes work that is still undone, in ms. */
const PATIENCE_MS = 3000;
const COMMAND_MS = 5000;
/** Items or records in one command. */
const STEP_ROWS = 100;
/** Commands of a kind for each cell or partition in a round; the next round goes on. */
const STEPS_PER_ROUND = 10;
/** What is old may wait a minute. */
const ROUNDS_PER_SWEEP = 60;
/** A partition whose expired items cannot be deleted now, because they are locked or moved, is left alone so long. */
const REST_MS = 30_000;

export class CellKeeper {
  readonly #options: CellKeeperOptions;
  readonly #stopping = new AbortController();
  /** Partitions at rest, and until when in monotonic ms. */
  readonly #resting = new Map<number, number>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: CellKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    // One cell that cannot be reached stops nothing in the others.
    this.#running = Promise.all([...this.#options.cellReplicas.keys()].map(cell => this.#run(cell)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * One look at a cell.
   * @param isSweep also at what is old
   * @throws LogUnavailable, AwsError: what is left is for the next round
   */
  async round(cell: number, isSweep: boolean): Promise<void> {
    const { cellReplicas, clock, zone, zones } = this.#options;
    const due = clock.now() - ((cell + zone) % zones) * PATIENCE_MS;
    await finishAbandoned({ cellReplicas }, cell, due, { deadline: this.#deadline(), trace: undefined });
    await this.#expire(cell, due);
    if (isSweep) await this.#sweep(cell, due);
  }

  async #run(cell: number): Promise<void> {
    const { clock, logger, intervalMs } = this.#options;
    const { signal } = this.#stopping;
    let isFailing = false;
    for (let rounds = 0; !signal.aborted; rounds++) {
      try {
        await this.round(cell, rounds % ROUNDS_PER_SWEEP === 0);
        isFailing = false;
      } catch (error) {
        // Told once: it may go on for as long as a quorum is missing.
        if (!isFailing && !signal.aborted) logger.warn('a cell is not kept', { cell, error: errorStory(error) });
        isFailing = true;
      }
      await sleep(clock, intervalMs, signal).catch(() => {});
    }
  }

  async #expire(cell: number, due: number): Promise<void> {
    const { view } = cellOf(this.#options, cell);
    for (const { id: partition, timeToLive, isReceiving } of view.partitions()) {
      if (timeToLive === undefined || isReceiving || this.#isResting(partition)) continue;
      // It may be dropped between two steps.
      const isDue = () => view.partition(partition) !== undefined && view.hasExpired(partition, due);
      for (let step = 0; step < STEPS_PER_ROUND && isDue(); step++) {
        const { count } = await this.#step(cell, { type: 'ExpireItems', partition, limit: STEP_ROWS });
        if (count > 0) continue;
        this.#resting.set(partition, this.#options.clock.monotonic() + REST_MS);
        break;
      }
    }
  }

  async #sweep(cell: number, due: number): Promise<void> {
    const { view } = cellOf(this.#options, cell);
    for (let step = 0; step < STEPS_PER_ROUND && view.hasOld(due); step++)
      await this.#step(cell, { type: 'CollectGarbage', limit: STEP_ROWS });
  }

  #isResting(partition: number): boolean {
    const until = this.#resting.get(partition);
    if (until === undefined) return false;
    const isOver = until <= this.#options.clock.monotonic();
    if (isOver) this.#resting.delete(partition);
    return !isOver;
  }

  async #step(cell: number, command: Extract<ItemCommand, { type: 'ExpireItems' | 'CollectGarbage' }>): Promise<Step> {
    const deadline = this.#deadline();
    const result = await cellOf(this.#options, cell).execute(command, { deadline });
    // A partition that another zone has dropped: the next look will not find it.
    return result.ok ? (result as ItemResult<'ExpireItems'> & { ok: true }).value : { isMore: false, count: 0 };
  }

  #deadline(): number {
    return this.#options.clock.monotonic() + COMMAND_MS;
  }
}
