/** Tables with streams in one zone, whose clock tests drive, and readers of them. */
import { type CreateTableCommandInput, type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { StreamViewType } from '@aws-sdk/client-dynamodb-streams';
import { type Clock, skewed, systemClock } from '@stormglass/base';
import type { TableRecord } from '@stormglass/table-catalogue';
import { until } from '@stormglass/testing';
import { ACCOUNT, arnOf, type DynamoDbHost, startDynamoDbHost } from '../../testing/dynamodb-host.ts';
import { StreamReader, streamsClientOf } from './stream-reader.ts';

const COMMAND_MS = 5000;

export class StreamsRig {
  readonly host: DynamoDbHost;
  readonly #time: { aheadMs: number };

  static async start(): Promise<StreamsRig> {
    const time = { aheadMs: 0 };
    const clock: Clock = skewed(systemClock, () => time.aheadMs);
    return new StreamsRig(await startDynamoDbHost(clock), time);
  }

  private constructor(host: DynamoDbHost, time: { aheadMs: number }) {
    this.host = host;
    this.#time = time;
    this.#tellTime(host.root);
  }

  tableOf(name: string): TableRecord {
    return this.host.catalogue.view.table(ACCOUNT, name)!;
  }

  /** A new table with a stream. */
  async table(
    name: string,
    view: StreamViewType = 'NEW_AND_OLD_IMAGES',
    more: Partial<CreateTableCommandInput> = {},
  ): Promise<StreamReader> {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: view };
    await this.host.table(name, { StreamSpecification, ...more });
    return this.reader(name);
  }

  /** Of the newest stream of a table. */
  reader(name: string, as: DynamoDBClient = this.host.root): StreamReader {
    const client = streamsClientOf(as);
    this.#tellTime(client);
    return new StreamReader(client, `${arnOf(name)}/stream/${this.tableOf(name).streamLabel}`);
  }

  async disable(TableName: string): Promise<void> {
    await this.host.root.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
    await this.host.settle();
  }

  /** Splits the first partition of a table in its middle, as far as the catalogue; the driver does the rest. */
  async split(name: string): Promise<void> {
    const { id: tableId, accountId, partitions } = this.tableOf(name);
    const { id: partition, from, to, cell } = partitions[0]!;
    const to3 = (cell % this.host.cells.size) + 1;
    const about = { type: 'SplitPartition', accountId, name, tableId } as const;
    const at = Math.floor((from + to) / 2);
    const deadline = systemClock.monotonic() + COMMAND_MS;
    const result = await this.host.catalogue.execute({ ...about, partition, at, cell: to3 }, { deadline });
    if (!result.ok) throw new Error(result.message);
  }

  /** Time passes for the host, and for its clients; its logs hear of it. */
  async pass(ms: number): Promise<void> {
    this.#time.aheadMs += ms;
    const nothing = { type: 'ForgetTransactions', transactions: [] } as const;
    for (const cell of this.host.cells.values()) {
      // What was proposed before a log has heard of the time comes too late.
      const attempt = () => cell.execute(nothing, { deadline: systemClock.monotonic() + COMMAND_MS });
      await until('time has passed', attempt);
    }
  }

  /** Clients sign with the host's time, and do not set their clocks by the dates of answers, which are those of the machine. */
  #tellTime({ config }: { readonly config: { systemClockOffset: number } }): void {
    const time = this.#time;
    Object.defineProperty(config, 'systemClockOffset', { get: () => time.aheadMs, set() {} });
  }
}
