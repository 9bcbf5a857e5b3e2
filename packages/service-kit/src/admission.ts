/**
 * Refuses cheaply what cannot be served: a host takes so many requests at once and answers the rest with 503 before it
 * has read their bodies. Health checks are not counted; they must get through when nothing else does.
 */
export class Admission {
  readonly #limit: number;
  #inFlight = 0;
  #refused = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get refused(): number {
    return this.#refused;
  }

  /** True when the request may go on; it must then `leave`. */
  enter(): boolean {
    if (this.#inFlight >= this.#limit) {
      this.#refused++;
      return false;
    }
    this.#inFlight++;
    return true;
  }

  leave(): void {
    this.#inFlight--;
  }
}
