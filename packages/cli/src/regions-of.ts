/** The regions of a world as commands see them: one, unless it was started with several. */
import type { OneRegionStatus, RegionStatus } from '@stormglass/contracts';
import { UsageError } from './settings.ts';

type Shown = Omit<OneRegionStatus, 'partition'>;

/** The first is the one that is meant where none is named. */
export const regionsOf = (status: RegionStatus): readonly Shown[] => status.regions ?? [status];

/** @throws UsageError when there is no region of that name */
export function regionNamed(status: RegionStatus, name: string | undefined): Shown {
  const regions = regionsOf(status);
  const found = name === undefined ? regions[0] : regions.find(({ region }) => region === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no region ${name}; there are ${regions.map(({ region }) => region).join(', ')}`);
}
