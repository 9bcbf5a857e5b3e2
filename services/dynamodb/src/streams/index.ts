/** DynamoDB Streams, what hosts and generated documents need of it: a service of its own beside DynamoDB, on the same cells. */
export { GAPS, OPERATIONS } from './operations/index.ts';
export { createDynamoDbStreamsService } from './service.ts';
