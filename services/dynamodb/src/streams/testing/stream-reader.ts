/** Reads streams with the official client, as consumers do: the shards of a stream in their order, each to its end. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type Shard,
  type ShardIteratorType,
  type StreamDescription,
} from '@aws-sdk/client-dynamodb-streams';

/** A client of DynamoDB Streams, for whoever a client of DynamoDB is for. */
export function streamsClientOf({ config }: DynamoDBClient): DynamoDBStreamsClient {
  const { endpoint, credentials, region, systemClockOffset } = config;
  return new DynamoDBStreamsClient({ endpoint: endpoint!, credentials, region, systemClockOffset, maxAttempts: 1 });
}

export class StreamReader {
  readonly client: DynamoDBStreamsClient;
  readonly arn: string;

  constructor(client: DynamoDBStreamsClient, arn: string) {
    this.client = client;
    this.arn = arn;
  }

  async describe(more: object = {}): Promise<StreamDescription> {
    const { StreamDescription } = await this.client.send(new DescribeStreamCommand({ StreamArn: this.arn, ...more }));
    return StreamDescription!;
  }

  async shards(): Promise<Shard[]> {
    return (await this.describe()).Shards!;
  }

  async iterator(ShardId: string, ShardIteratorType: ShardIteratorType, SequenceNumber?: string): Promise<string> {
    const about = { StreamArn: this.arn, ShardId, ShardIteratorType };
    const command = new GetShardIteratorCommand({ ...about, ...(SequenceNumber && { SequenceNumber }) });
    return (await this.client.send(command)).ShardIterator!;
  }

  read(ShardIterator: string, Limit?: number): Promise<GetRecordsCommandOutput> {
    return this.client.send(new GetRecordsCommand({ ShardIterator, ...(Limit && { Limit }) }));
  }

  /** The records from an iterator on, up to the end of the shard, or until there are none for now. */
  async rest(iterator: string, limit?: number): Promise<{ records: _Record[]; next: string | undefined }> {
    const records: _Record[] = [];
    for (let next: string | undefined = iterator; next !== undefined; ) {
      const answer: GetRecordsCommandOutput = await this.read(next, limit);
      records.push(...answer.Records!);
      next = answer.NextShardIterator;
      if (answer.Records!.length === 0) return { records, next };
    }
    return { records, next: undefined };
  }

  /** All records that there are, shard after shard. */
  async all(): Promise<_Record[]> {
    const records: _Record[] = [];
    for (const { ShardId } of await this.shards())
      records.push(...(await this.rest(await this.iterator(ShardId!, 'TRIM_HORIZON'))).records);
    return records;
  }
}
