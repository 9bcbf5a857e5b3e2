/**
 * One direction of one connection with the faults in force on it: delivers in order, late, never, or not at all.
 * Without a fault it calls straight through, so a clean link costs a comparison.
 */
import type { Cancel, Clock } from '@stormglass/base';
import { byteCountOf, type LinkBehaviour, type Medium, type Sent, type Verdict } from './link-fault.ts';
import type { LinkRule, LinkRules } from './link-rules.ts';

/** Something on its way. */
interface Waiting {
  readonly sent: Sent;
  readonly deliver: () => void;
  /** Monotonic ms when it set out. */
  since: number;
  /** What delays it, rule by rule, in ms; or the rule that holds it back. */
  delays: readonly (readonly [LinkRule, number])[] | LinkRule;
}

export interface ShapedDirectionOptions {
  readonly rules: LinkRules;
  readonly clock: Clock;
  readonly from: string;
  readonly to: string;
  readonly connection: number;
  readonly medium: Medium;
  /** The connection is to break. */
  readonly onReset: () => void;
}

type Fate = Waiting['delays'] | 'gone';

export class ShapedDirection {
  readonly #options: ShapedDirectionOptions;
  readonly #stopListening: () => void;
  #behaviours: ReadonlyMap<LinkRule, LinkBehaviour>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** The rule to which the stream has lost something: nothing may arrive any more, or there would be a gap. */
  #lostTo: LinkRule | undefined;
  #timer: Cancel | undefined;
  #closed = false;

  constructor(options: ShapedDirectionOptions) {
    this.#options = options;
    this.#behaviours = options.rules.behaviours(options);
    this.#stopListening = options.rules.onChange(() => this.#onRules());
  }

  /** True when what is sent now arrives now: a carrier may then pass it on without asking. */
  get isClear(): boolean {
    return this.#behaviours.size === 0 && this.#waiting.length === 0 && !this.#closed;
  }

  /** Bytes that have not arrived yet: a sender that respects them bounds what a broken link can pile up. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Hands something over; `deliver` is called when it arrives. Bytes may be changed until then. */
  send(sent: Sent, deliver: () => void): void {
    if (this.#closed) return;
    if (this.isClear) return deliver();
    const since = this.#options.clock.monotonic();
    const delays = this.#fate(sent, since);
    if (delays === 'gone') return;
    const waiting = { sent, deliver, since, delays };
    if (this.#waiting.length === 0 && arrival(waiting) <= since) return deliver();
    this.#waiting.push(waiting);
    this.#waitingBytes += byteCountOf(sent);
    this.#schedule();
  }

  /** Drops what has not arrived. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#timer?.();
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Asks the rules; nothing is left to do with what is `gone`. */
  #fate(sent: Sent, now: number): Fate {
    const delays: [LinkRule, number][] = [];
    for (const [rule, behaviour] of this.#behaviours) {
      const verdict = behaviour(sent, now);
      if (typeof verdict === 'number') delays.push([rule, verdict]);
      else return this.#stopped(verdict, rule);
    }
    return delays;
  }

  #stopped(verdict: Exclude<Verdict, number>, rule: LinkRule): Fate {
    // A datagram that does not get through is gone, and the next one has its own luck.
    if (this.#options.medium === 'datagrams') return 'gone';
    if (verdict === 'hold') return rule;
    if (verdict === 'swallow') this.#lostTo = rule;
    else this.#options.onReset();
    return 'gone';
  }

  /**
   * New faults meet what is still held back; what is on its way already does not meet them, and is no longer delayed by
   * those that are over.
   */
  #onRules(): void {
    const { rules, clock, onReset } = this.#options;
    this.#behaviours = rules.behaviours(this.#options, this.#behaviours);
    if (this.#lostTo !== undefined && !this.#behaviours.has(this.#lostTo)) return onReset();
    const now = clock.monotonic();
    for (const waiting of this.#waiting) {
      const { delays, sent } = waiting;
      if (isDelays(delays)) {
        waiting.delays = delays.filter(([rule]) => this.#behaviours.has(rule));
      } else if (!this.#behaviours.has(delays)) {
        const fate = this.#fate(sent, now);
        if (this.#closed) return;
        if (fate === 'gone') {
          this.#dropFrom(waiting);
          break;
        }
        Object.assign(waiting, { since: now, delays: fate });
      }
    }
    this.#timer?.();
    this.#timer = undefined;
    this.#schedule();
  }

  /** A stream that loses something loses all that follows. */
  #dropFrom(first: Waiting): void {
    for (const { sent } of this.#waiting.splice(this.#waiting.indexOf(first))) this.#waitingBytes -= byteCountOf(sent);
  }

  #schedule(): void {
    const first = this.#waiting[0];
    if (this.#timer !== undefined || first === undefined || !isDelays(first.delays)) return;
    this.#timer = this.#options.clock.after(Math.max(0, arrival(first) - this.#options.clock.monotonic()), () => {
      this.#timer = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const now = this.#options.clock.monotonic();
    // Half a millisecond of slack, because timers fire a little early; order is kept whatever the times say.
    while (!this.#closed && this.#waiting.length > 0 && arrival(this.#waiting[0]!) <= now + 0.5) {
      const { deliver, sent } = this.#waiting.shift()!;
      this.#waitingBytes -= byteCountOf(sent);
      deliver();
    }
    this.#schedule();
  }
}

const isDelays = (delays: Waiting['delays']): delays is readonly (readonly [LinkRule, number])[] =>
  Array.isArray(delays);

/** Monotonic ms; what is held back arrives at no time. */
function arrival({ since, delays }: Waiting): number {
  if (!isDelays(delays)) return Number.POSITIVE_INFINITY;
  return delays.reduce((at, [, ms]) => at + ms, since);
}
