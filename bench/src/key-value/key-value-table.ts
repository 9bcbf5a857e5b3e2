/** Makes the table that is measured, and waits until it is there. */
import { until } from '@stormglass/engines';
import { TABLE } from './key-value-plan.ts';
import { request } from './key-value-requests.ts';
import { SIGNER } from './key-value-servers.ts';

export async function createTable(port: number): Promise<void> {
  await call(port, 'CreateTable', {
    TableName: TABLE,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await until('the table', 30_000, async () => {
    const { Table } = (await call(port, 'DescribeTable', { TableName: TABLE })) as {
      readonly Table: { readonly TableStatus: string };
    };
    return Table.TableStatus === 'ACTIVE';
  });
}

/** @throws Error with what was answered, if it is no 200 */
export async function call(port: number, operation: string, content: object): Promise<unknown> {
  const { head, body } = request(SIGNER, port, operation, content);
  const lines = head.toString().trim().split('\r\n').slice(1);
  const headers = lines
    .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
    .filter(([name]) => name !== 'host' && name !== 'content-length');
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: [...headers] as [string, string][],
    body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
