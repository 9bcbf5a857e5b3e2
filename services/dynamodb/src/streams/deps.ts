/** What the operations of DynamoDB Streams work on. */
import type { ItemDeps } from '../data/cells.ts';

/** The official client, whose types say what each operation takes and answers. */
export type StreamsClient = typeof import('@aws-sdk/client-dynamodb-streams');

export type StreamsDeps = ItemDeps;
