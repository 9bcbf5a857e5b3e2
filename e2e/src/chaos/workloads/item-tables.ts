/** The tables that workloads on items share, and what its answers mean: a condition that fails is one, too. */
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { Clients } from '../clients.ts';
import { type Found, Refused } from '../history.ts';

/** As many as there are cells: new tables are in one after the other. */
const TABLES = ['chaos-1', 'chaos-2', 'chaos-3'];
const ACTIVE_SECONDS = 60;

export const keyOf = (id: string) => ({ id: { S: id } });

/** Things of one kind are in several tables, so that transactions over them are over cells. */
export const tableOf = (id: string): string =>
  TABLES[Buffer.from(id).reduce((sum, byte) => sum + byte, 0) % TABLES.length]!;

export const placeOf = (id: string) => ({ TableName: tableOf(id), Key: keyOf(id) });

/** Whichever workload is prepared first makes them. */
export async function makeTables(clients: Clients): Promise<void> {
  for (const name of TABLES) await makeTable(clients, name);
}

async function makeTable({ items }: Clients, TableName: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await items.send(command).catch((error: Error) => {
    if (error.name !== 'ResourceInUseException') throw error;
  });
  await waitUntilTableExists({ client: items, maxWaitTime: ACTIVE_SECONDS, minDelay: 0.2, maxDelay: 1 }, { TableName });
}

/** What a call finds out, or that it was refused because of its condition, or because of somebody else's transaction. */
export async function orRefusal(run: () => Promise<Found>): Promise<Found> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { message, found } = error;
    if (/ConditionalCheckFailed/.test(message)) return { ...found, refusal: 'condition' };
    if (/TransactionConflict/.test(message)) return { ...found, refusal: 'conflict' };
    throw error;
  }
}
