/** Lists the streams of the caller's account, or of one table, those included that have ended a short while ago. */
import { operation } from '@stormglass/service-kit';
import { streamArn } from '../../names.ts';
import { onEverything } from '../../permissions.ts';
import type { StreamsClient, StreamsDeps } from '../deps.ts';
import { checkLimit } from '../errors.ts';
import { isReadable } from '../find-stream.ts';

const LIMIT = 100;

export const listStreams = operation<StreamsClient, 'ListStreams', StreamsDeps>({
  name: 'ListStreams',
  state: 'strong-read',
  permission: onEverything,
  handle({ TableName, Limit, ExclusiveStartStreamArn: after = '' }, call, { catalogue }) {
    checkLimit(Limit, LIMIT);
    const streams = [...catalogue.view.streams(call.accountId, TableName)]
      .filter(stream => isReadable(stream, call.now))
      .map(stream => ({ ...stream, arn: streamArn(call, stream, stream.label) }))
      .filter(({ arn }) => arn > after)
      .sort((a, b) => (a.arn < b.arn ? -1 : 1));
    const page = streams.slice(0, Limit ?? LIMIT);
    return {
      Streams: page.map(({ arn, tableName, label }) => ({ StreamArn: arn, TableName: tableName, StreamLabel: label })),
      ...(page.length < streams.length && { LastEvaluatedStreamArn: page.at(-1)!.arn }),
    };
  },
});
