export * from './log.ts';
export * from './state-machine.ts';
