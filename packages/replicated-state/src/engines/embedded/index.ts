/** The embedded engine: a sequencer beside the zones and one journal in each of them. */
export type { EmbeddedLog } from './embedded-log.ts';
export type { Journal, JournalEntry } from './journal.ts';
export { openJournal } from './journal-files.ts';
export { MemoryDisk, MemoryJournal } from './memory-journal.ts';
export type { FromZone, SequencerChannel, ToZone, ZoneChannel } from './messages.ts';
export { Sequencer, type SequencerStatus } from './sequencer.ts';
export { type Shape, socketChannel } from './socket-channel.ts';
export { ZoneLink } from './zone-link.ts';
