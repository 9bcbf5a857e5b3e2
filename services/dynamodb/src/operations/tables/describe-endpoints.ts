/** Tells clients that discover endpoints to go on with the one that they have asked. */
import { headerText } from '@stormglass/aws-wire';
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

const CACHE_MINUTES = 1440;

export const describeEndpoints = operation<DynamoDbClient, 'DescribeEndpoints', DynamoDbDeps>({
  name: 'DescribeEndpoints',
  state: 'local-read',
  permission: onEverything,
  gaps: ['The endpoint that was asked is the answer.'],
  handle: (_input, { region, request }) => ({
    Endpoints: [
      {
        Address: headerText(request.headers, 'host') ?? `dynamodb.${region}.amazonaws.com`,
        CachePeriodInMinutes: CACHE_MINUTES,
      },
    ],
  }),
});
