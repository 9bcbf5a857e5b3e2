/** The world in a container. */
import { ContainerWorld } from './container-world.ts';
import { keepHealthFile } from './health-file.ts';
import type { Closing, Surroundings } from './host.ts';

export async function runWorldRole({ settings, clock, random, logger }: Surroundings): Promise<Closing> {
  const onStop = () => process.kill(process.pid, 'SIGTERM');
  const world = new ContainerWorld({ settings, clock, random, logger, onStop });
  await world.start();
  const stopHealthFile = keepHealthFile(settings.healthFile, () => world.isServing, clock);
  return {
    async close() {
      stopHealthFile();
      await world.close();
    },
  };
}
