/**
 * A keeper is a process of its own that holds a region for a test process. When the channel between them closes, it
 * takes the region down and ends: the test process may have asked for it, or may be dead. There is no other way to end,
 * so that the rare one is as well tried as the common one.
 */
import { errorStory } from '@stormglass/base';

/** Where the settings stand in the environment of a keeper. */
export const SETTINGS_VARIABLE = 'STORMGLASS_TEST_REGION';

/** What a keeper says, once. */
export type KeeperMessage<Ready> =
  | { readonly type: 'ready'; readonly ready: Ready }
  | { readonly type: 'failed'; readonly message: string };

export interface Kept<Ready> {
  /** What the test process needs to know. */
  readonly ready: Ready;
  /** Takes down whatever was opened. */
  close(): Promise<void>;
}

/**
 * Runs a keeper; ends the process. `open` cleans up behind itself when it fails. `abandoned` resolves when nobody waits
 * any more.
 */
export async function keep<Settings, Ready>(
  open: (settings: Settings, abandoned: Promise<void>) => Promise<Kept<Ready>>,
): Promise<never> {
  const { promise: abandoned, resolve: abandon } = Promise.withResolvers<void>();
  process.on('disconnect', abandon);
  process.on('SIGTERM', abandon);
  // The terminal sends ctrl-c to every process; the test process decides when it ends.
  process.on('SIGINT', () => {});
  const text = process.env[SETTINGS_VARIABLE];
  if (text === undefined || process.send === undefined) {
    process.stderr.write('A keeper is started by startRegion().\n');
    process.exit(2);
  }
  const tell = (message: KeeperMessage<Ready>) =>
    new Promise<void>(resolve => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
  try {
    const { ready, close } = await open(JSON.parse(text) as Settings, abandoned);
    await tell({ type: 'ready', ready });
    await abandoned;
    await close();
    process.exit(0);
  } catch (error) {
    await tell({ type: 'failed', message: errorStory(error) });
    process.exit(1);
  }
}
