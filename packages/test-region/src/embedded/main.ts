/** The process of an embedded region: its world, kept for a test process. The data is in a temporary folder. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useCompileCache } from '@stormglass/base/compile-cache';

useCompileCache();
const { runWorld, StateFolder } = await import('@stormglass/region');
const { keep } = await import('../keeper/keep.ts');
type Start = import('./embedded-driver.ts').EmbeddedStart;
type Ready = import('./embedded-driver.ts').EmbeddedReady;

await keep<Start, Ready>(async ({ timeoutMs, ...settings }, abandoned) => {
  // An ephemeral region keeps nothing in its folder: this one is only a name, and never made.
  const folder = join(tmpdir(), `stormglass-test-region-${randomUUID()}`);
  const world = await runWorld({ ...settings, folder, ephemeral: true }, () => process.disconnect?.());
  try {
    await Promise.race([world.wait(timeoutMs), abandoned]);
  } catch (error) {
    await world.close();
    throw error;
  }
  const ready = { controlSocket: new StateFolder(folder).controlSocket, status: world.status() };
  return { ready, close: () => world.close() };
});
