/** DNS: authorities for names, and the resolver that every zone of a region runs. */
export * from './authority.ts';
