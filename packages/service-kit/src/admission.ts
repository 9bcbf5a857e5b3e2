/**
 * Refuses cheaply what cannot be served: a host takes so many requests at once and answers the rest with 503 before it
 * has read their bodies. Health checks are not counted; they must get through when nothing else does.
 */
/** Streams last as long as their clients let them: so much of the places is left for everybody else. */
const STREAMS_PART = 0.75;

export class Admission {
  readonly #limit: number;
  #inFlight = 0;
  #streams = 0;
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

  /** For a request that has entered and turns out to be a stream: true when it may go on. */
  enterStream(): boolean {
    if (this.#streams >= this.#limit * STREAMS_PART) {
      this.#refused++;
      return false;
    }
    this.#streams++;
    return true;
  }

  leave(isStream = false): void {
    this.#inFlight--;
    if (isStream) this.#streams--;
  }
}
