/** What the cells must have for a table: its partitions as the catalogue wants them. */
import type { KeySchema } from '@stormglass/items';
import type { Projection, StreamView, TableRecord, ThroughputRecord } from './records.ts';

export interface WantedIndex {
  readonly id: number;
  readonly name: string;
  readonly isLocal: boolean;
  readonly schema: KeySchema;
  readonly projection: Projection;
  readonly writeUnits?: number;
}

/** What may change while a partition lives; the same for all partitions of a table. */
export interface WantedSettings {
  /** Cells let nobody go back behind it. */
  readonly generation: number;
  readonly indexes: readonly WantedIndex[];
  readonly timeToLive?: { readonly id: number; readonly attribute: string };
  readonly stream?: { readonly id: number; readonly view: StreamView };
  readonly writeUnits?: number;
  readonly recoveryMs?: number;
}

export interface WantedPartition extends WantedSettings {
  readonly id: number;
  readonly table: string;
  readonly schema: KeySchema;
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The settings of every partition of a table. */
export function wantedSettings(table: TableRecord): WantedSettings {
  const { locals, globals, timeToLive, stream, recovery } = table;
  const share = ({ write }: ThroughputRecord) => (write === 0 ? {} : { writeUnits: shareOf(table, write) });
  return {
    generation: table.generation,
    indexes: [
      ...locals.map(({ id, name, schema, projection }) => ({ id, name, isLocal: true, schema, projection })),
      ...globals
        .filter(({ status }) => status !== 'DELETING')
        .map(({ id, name, schema, projection, throughput }) => ({
          ...{ id, name, isLocal: false, schema, projection },
          ...share(throughput),
        })),
    ],
    ...(timeToLive !== undefined &&
      timeToLive.status !== 'DISABLING' && { timeToLive: { id: timeToLive.id, attribute: timeToLive.attribute } }),
    ...(stream && { stream }),
    ...(recovery && { recoveryMs: recovery.days * DAY_MS }),
    ...share(table.throughput),
  };
}

/** Units are shared out evenly, and none gets less than one: what no cell alone could otherwise let through. */
const shareOf = ({ partitions }: TableRecord, units: number): number => Math.max(1, units / partitions.length);

/** A partition as its cell must have it. */
export const wantedPartition = (
  table: TableRecord,
  { id, from, to }: { readonly id: number; readonly from: number; readonly to: number },
): WantedPartition => ({ ...{ id, from, to, table: table.id, schema: table.schema }, ...wantedSettings(table) });
