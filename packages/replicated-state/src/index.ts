/** Logs ordered by consensus, and state machines that run on them: the port, the runner, and the engines in memory. */
export * from './applier.ts';
export * from './engines/embedded/index.ts';
export { MemoryLog, type ProposalMishap } from './engines/memory/memory-log.ts';
export { decodeEnvelope, type Envelope } from './envelope.ts';
export * from './log.ts';
export { CommandTooLarge, type ProposerLimits } from './proposer.ts';
export * from './replica.ts';
export * from './snapshot.ts';
export { snapshotFiles } from './snapshot-files.ts';
export { receiveSnapshot, writeStoredSnapshot } from './snapshot-stream.ts';
export type { SqliteTables } from './sqlite/sqlite-open.ts';
export { SqliteState, type SqliteStateOptions } from './sqlite/sqlite-state.ts';
export * from './state-machine.ts';
export * from './stored-state.ts';
