/** Users of the directory for its tests: each makes one call after another, and every error is kept. */
import type { UserDirectory } from './user-directory.ts';

export class Visitors {
  /** How many calls were answered, or failed. */
  calls = 0;
  /** What was thrown, in words. */
  readonly errors: string[] = [];
  /** Who was told that they have joined. */
  readonly joined: string[] = [];
  readonly #directory: UserDirectory;
  #here: Promise<void>[] = [];
  #leaving = false;

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  /** They begin to call, all at the same time, until they leave. */
  come(count: number): void {
    this.#here = Array.from({ length: count }, (_, visitor) => this.#visit(visitor));
  }

  /** Resolves when the last call is over. */
  async leave(): Promise<void> {
    this.#leaving = true;
    await Promise.all(this.#here);
  }

  async #visit(visitor: number): Promise<void> {
    for (let round = 0; !this.#leaving; round++) {
      const name = `visitor-${visitor}-${round}`;
      await this.#call(async () => {
        await this.#directory.join('visitors', name);
        this.joined.push(name);
      });
      await this.#call(() => this.#directory.account());
      await this.#call(() => this.#directory.members('visitors'));
    }
  }

  async #call(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.errors.push(String(error));
    }
    this.calls++;
  }
}
