/** A region on one machine: the world outside the zones, and the hosts inside them. */
export { StateFolder, StateFolderError } from './state-folder.ts';
export * from './topology.ts';
export { runningWorld } from './world/leftovers.ts';
export { AlreadyRunning, CannotStart, runWorld, type WorldSettings } from './world/run-world.ts';
export type { ExternalLog, World } from './world/world.ts';
