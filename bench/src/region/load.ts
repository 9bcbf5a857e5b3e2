/** Runs load from a process of its own, so that what is measured and what measures do not share a thread. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load-plan.ts';

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

/** Share of the calls. */
const ERRORS_MAX = 0.1;

export class Load implements Disposable {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(GENERATOR, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  }

  /**
   * On an overloaded machine the front door takes zones for dead and ends their connections; such calls are counted.
   * @throws Error when the generator ended, or when more calls went wrong than such a moment explains
   */
  async run(plan: LoadPlan): Promise<LoadResult> {
    const result = await new Promise<LoadResult>((resolve, reject) => {
      const onExit = () => reject(new Error('the load generator ended'));
      this.#child.once('exit', onExit);
      this.#child.once('message', message => {
        this.#child.off('exit', onExit);
        resolve(message as LoadResult);
      });
      this.#child.send(plan);
    });
    if (result.calls === 0 || result.errors > result.calls * ERRORS_MAX) {
      throw new Error(`${result.errors} beside ${result.calls} calls went wrong, the first: ${result.firstError}`);
    }
    return result;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
