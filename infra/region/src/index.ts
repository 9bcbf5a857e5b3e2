/** A region on one machine: the world outside the zones, and the hosts inside them. */
export { FILE_THREADS, HEAP_OPTIONS } from './node-options.ts';
export { RegionFolder, StateFolder, StateFolderError } from './state-folder.ts';
export * from './topology.ts';
export type { ExternalLog } from './world/external-log.ts';
export { isWorld, runningWorld } from './world/leftovers.ts';
export type { RegionLinks } from './world/region-links.ts';
export type { Regions } from './world/regions.ts';
export type { WorldSettings } from './world/run-world.ts';
export { AlreadyRunning, CannotStart } from './world/start-errors.ts';

type RunWorld = typeof import('./world/run-world.ts').runWorld;
/** Loads the world when one is to be run: whoever only talks to one, or starts one in the background, goes without. */
export const runWorld: RunWorld = async (...args) => (await import('./world/run-world.ts')).runWorld(...args);
