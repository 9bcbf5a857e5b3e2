/** Clock, random, ids, errors and logs: the only door to non-determinism. Imports nothing of the project. */
export * from './clock.ts';
export * from './defined.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './logger.ts';
export * from './random.ts';
export * from './regions.ts';
