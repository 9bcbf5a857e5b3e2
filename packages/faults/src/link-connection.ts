/**
 * One connection over a link with whatever faults are in force there: its two directions, as one thing to open and to
 * close, so that connections are counted.
 */
import type { Clock } from '@stormglass/base';
import type { Medium } from './link-fault.ts';
import type { LinkRules } from './link-rules.ts';
import { ShapedDirection } from './shaped-direction.ts';

export interface LinkConnectionOptions {
  readonly rules: LinkRules;
  readonly clock: Clock;
  /** The place that opens the connection. */
  readonly from: string;
  readonly to: string;
  readonly medium?: Medium;
  /** The connection is to break; never called before the constructor returns. A refused one breaks at once. */
  readonly onReset: () => void;
}

export class LinkConnection {
  /** What is sent from `from` to `to`. */
  readonly there: ShapedDirection;
  readonly back: ShapedDirection;
  /** It was opened where no more connections may be: nothing arrives, and it breaks. */
  readonly isRefused: boolean;
  readonly #options: LinkConnectionOptions;
  #isClosed = false;

  constructor(options: LinkConnectionOptions) {
    this.#options = options;
    const { rules, clock, from, to, medium = 'stream' } = options;
    const connection = rules.connect(from, to);
    const onReset = () => {
      if (!this.#isClosed) options.onReset();
    };
    const way = { rules, clock, medium, connection: connection.number, onReset };
    this.there = new ShapedDirection({ ...way, from, to });
    this.back = new ShapedDirection({ ...way, from: to, to: from });
    this.isRefused = !connection.isAdmitted;
    if (!this.isRefused) return;
    this.there.close();
    this.back.close();
    clock.soon(onReset);
  }

  /** Drops what has not arrived, both ways. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.there.close();
    this.back.close();
    const { rules, from, to } = this.#options;
    if (!this.isRefused) rules.disconnect(from, to);
  }
}
