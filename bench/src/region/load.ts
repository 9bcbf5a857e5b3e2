/** Runs load from a process of its own, so that what is measured and what measures do not share a thread. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load-plan.ts';

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

export class Load implements Disposable {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(GENERATOR, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  }

  /** @throws Error when the generator ended, or when more than a few answers were wrong */
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
    if (result.calls === 0 || result.errors > result.calls / 1000) {
      throw new Error(`${result.errors} of ${result.calls} answers were wrong, the first: ${result.firstError}`);
    }
    return result;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
