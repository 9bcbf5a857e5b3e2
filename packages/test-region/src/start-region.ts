/** One call, one region: chooses the driver that runs it. */
import { systemClock } from '@stormglass/base';
import { DockerDriver, type DockerRegion } from './docker/docker-driver.ts';
import { EmbeddedDriver, type EmbeddedRegion } from './embedded/embedded-driver.ts';
import { TestRegion } from './test-region.ts';

export type RegionSettings = (EmbeddedRegion | DockerRegion) & {
  /** How long the region may take to be ready, in ms; 60 s for each by default, 180 s in Docker. */
  readonly timeoutMs?: number;
};

/**
 * Starts a region of its own, on free ports, without anything in it, and waits until it serves. It ends with `stop`, with
 * `await using`, or with this process, however that ends.
 * @throws WorldError when it cannot start, or is not ready in time
 */
export async function startRegion({ timeoutMs, ...settings }: RegionSettings = {}): Promise<TestRegion> {
  const driver = isInDocker(settings)
    ? await DockerDriver.start(settings, timeoutMs ?? 180_000, systemClock)
    : await EmbeddedDriver.start(settings, timeoutMs ?? 60_000 * (settings.regions?.length ?? 1));
  try {
    return TestRegion.of(driver, await driver.status());
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

const isInDocker = (settings: EmbeddedRegion | DockerRegion): settings is DockerRegion =>
  settings.docker !== undefined && settings.docker !== false;
