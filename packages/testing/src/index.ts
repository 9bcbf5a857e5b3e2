/** Virtual time, a virtual network, checkers, raw sockets and waiting for facts: for tests and simulations only. */

export * from './appended-lists.ts';
export * from './linearizability.ts';
export * from './mutated-text.ts';
export * from './raw-exchange.ts';
export * from './sign-v4.ts';
export * from './sim-clock.ts';
export * from './sim-network.ts';
export * from './until.ts';
