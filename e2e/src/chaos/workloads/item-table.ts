/** The table that workloads on items share, and what its answers mean: a condition that fails is one, too. */
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { Clients } from '../clients.ts';
import { type Found, Refused } from '../history.ts';

export const TABLE = 'chaos';
const ACTIVE_SECONDS = 60;

export const keyOf = (id: string) => ({ id: { S: id } });

/** A table in all cells, made by whichever workload is prepared first. */
export async function makeTable({ items }: Clients): Promise<void> {
  const command = new CreateTableCommand({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await items.send(command).catch((error: Error) => {
    if (error.name !== 'ResourceInUseException') throw error;
  });
  await waitUntilTableExists(
    { client: items, maxWaitTime: ACTIVE_SECONDS, minDelay: 0.2, maxDelay: 1 },
    { TableName: TABLE },
  );
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
