/** An example zone, packets and damaged packets, for tests of this package and of whole processes. */
export * from './example-zone.ts';
export * from './mutations.ts';
export * from './packets.ts';
