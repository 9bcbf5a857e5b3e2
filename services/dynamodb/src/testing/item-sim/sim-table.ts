/** The one table of the simulation: each cell has a third of its hashes, and its map never changes. */
import { HASHES } from '@stormglass/item-store';
import type { TableRecord } from '@stormglass/table-catalogue';
import type { CatalogueReplica } from '../../deps.ts';

export const CELLS = [1, 2, 3];
export const TABLE = 'simulated';
export const ACCOUNT = '123456789012';

const SCHEMA = { hash: { name: 'id', type: 'S' } } as const;
const NO_THROUGHPUT = { read: 0, write: 0, decreases: 0 };

export const TABLE_RECORD: TableRecord = {
  accountId: ACCOUNT,
  name: TABLE,
  id: '00000000-0000-4000-8000-000000000001',
  status: 'ACTIVE',
  createdAt: 0,
  attributes: [SCHEMA.hash],
  schema: SCHEMA,
  locals: [],
  globals: [],
  billing: 'PAY_PER_REQUEST',
  throughput: NO_THROUGHPUT,
  tableClass: 'STANDARD',
  deletionProtection: false,
  tags: [],
  partitions: CELLS.map((cell, i) => ({
    ...{ id: i + 1, cell },
    from: Math.floor((i * HASHES) / CELLS.length),
    to: Math.floor(((i + 1) * HASHES) / CELLS.length),
  })),
  lastIndexId: 0,
  generation: 1,
  settled: 1,
};

/** What cells are told first. */
export const PARTITIONS = TABLE_RECORD.partitions.map(({ id, cell, from, to }) => ({
  cell,
  command: {
    type: 'CreatePartition',
    definition: { id, from, to, table: TABLE_RECORD.id, schema: SCHEMA, indexes: [] },
  } as const,
}));

/** Of a replica, what reads and writes of items ask. */
export const CATALOGUE = {
  view: { table: () => TABLE_RECORD },
  upToDate: async () => {},
} as unknown as CatalogueReplica;
