/** The test process's side of a keeper: starts it, hears when it is ready, and lets go of it. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WorldError } from '@stormglass/contracts';
import { type KeeperMessage, SETTINGS_VARIABLE } from './keep.ts';

/** How much of what a keeper prints is kept, for when it dies without a word. */
const OUTPUT_CHARACTERS_MAX = 4000;

export class KeeperProcess<Ready> {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;

  private constructor(child: ChildProcess, gone: Promise<void>, ready: Ready) {
    this.#child = child;
    this.#gone = gone;
    this.ready = ready;
  }

  /**
   * Runs the file `main` as a keeper. It does not keep this process alive.
   * @throws WorldError when it cannot do what it is for
   */
  static async start<Ready>(main: URL, settings: unknown): Promise<KeeperProcess<Ready>> {
    const child = fork(fileURLToPath(main), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
    });
    const message = await new Promise<KeeperMessage<Ready>>((resolve, reject) => {
      child.once('message', value => resolve(value as KeeperMessage<Ready>));
      child.once('error', cause => reject(new WorldError('the process of the region cannot be started', { cause })));
      child.once('exit', code => reject(new WorldError(`the region ended at once (code ${code}): ${output.trim()}`)));
    });
    if (message.type === 'failed') {
      await gone;
      throw new WorldError(`the region cannot start: ${message.message}`);
    }
    child.unref();
    child.channel?.unref();
    (child.stderr as Socket | null)?.unref();
    return new KeeperProcess(child, gone, message.ready);
  }

  /** Resolves when it has taken down what it holds, and is gone. */
  async stop(): Promise<void> {
    this.#child.ref();
    if (this.#child.connected) this.#child.disconnect();
    await this.#gone;
  }
}
