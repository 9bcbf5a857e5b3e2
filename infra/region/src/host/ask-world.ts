/** Questions of a host to the world, over the process channel; each is answered, or given up after five seconds. */
import type { Clock } from '@stormglass/base';
import type { ChaosAnswer, ChaosRequest, FromHost } from '@stormglass/contracts';

const TIMEOUT_MS = 5000;
const WAITING_MAX = 64;

export class AskWorld {
  readonly #send: (message: FromHost) => void;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, (answer: ChaosAnswer) => void>();
  #last = 0;

  constructor(send: (message: FromHost) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** @throws Error when the world does not answer in time, or has too much to answer */
  ask = (asked: ChaosRequest): Promise<ChaosAnswer> => {
    if (this.#waiting.size >= WAITING_MAX) return Promise.reject(new Error('too many questions wait for the world'));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(TIMEOUT_MS, () => {
        this.#waiting.delete(id);
        reject(new Error('the world does not answer'));
      });
      this.#waiting.set(id, answer => {
        cancel();
        resolve(answer);
      });
      this.#send({ type: 'chaos', id, asked });
    });
  };

  onAnswer(id: number, answer: ChaosAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
