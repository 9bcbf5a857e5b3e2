/** Zonal hot state: token buckets and tables of who does most, in this process or shared by the processes of a zone. */
export { CONTRIBUTOR_CHARS_MAX, SLOT_MS, WINDOW_MS_MAX } from './contributor-table.ts';
export type { Contribution, HotState, Taken } from './hot-state.ts';
export { MemoryHotState } from './memory-hot-state.ts';
export { SharedHotState, type SharedHotStateOptions } from './shared-hot-state.ts';
export type { Settlement, SharedStore } from './shared-store.ts';
export { checkedLimit, type Limit } from './token-bucket.ts';
