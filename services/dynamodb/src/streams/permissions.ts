/** What the operations of DynamoDB Streams must be allowed on (Service Authorization Reference, "Amazon DynamoDB"). */
import type { RequiredPermission } from '@stormglass/service-kit';
import { onResource } from '../permissions.ts';
import type { StreamsDeps } from './deps.ts';
import { streamOfIterator } from './shard-iterator.ts';

/** On a stream, which may have a policy that lets other accounts read it. */
const onStream = <Input>(arnOf: (input: Input) => string | undefined): RequiredPermission<Input, StreamsDeps> => ({
  resource: input => arnOf(input) ?? '*',
  owner: (input, caller, deps) => onResource.owner?.({ ResourceArn: arnOf(input) ?? '' }, caller, deps),
  context: (input, caller, deps) => onResource.context?.({ ResourceArn: arnOf(input) ?? '' }, caller, deps) ?? {},
});

export const onNamedStream = onStream<{ readonly StreamArn?: string | undefined }>(({ StreamArn }) => StreamArn);

export const onIteratedStream = onStream<{ readonly ShardIterator?: string | undefined }>(({ ShardIterator = '' }) =>
  streamOfIterator(ShardIterator),
);
