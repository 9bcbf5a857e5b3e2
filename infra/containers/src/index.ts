/** A region in containers: what its parts are called and where they listen, for whoever puts containers together. */
export * from './parts.ts';
