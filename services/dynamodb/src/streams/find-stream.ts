/** Streams by their ARNs, for as long as their records are kept. */
import { parseArn } from '@stormglass/aws-wire';
import { RECORD_MS } from '@stormglass/item-store';
import type { Call, Caller } from '@stormglass/service-kit';
import type { StreamRecord } from '@stormglass/table-catalogue';
import type { StreamsDeps } from './deps.ts';
import { invalid, noSuchStream } from './errors.ts';

interface StreamName {
  readonly accountId: string;
  readonly table: string;
  readonly label: string;
}

const RESOURCE = /^table\/([^/|]+)\/stream\/([^/|]+)$/;

/** @throws AwsError when it is not the ARN of a stream of this region */
function requestedStream(given: string, { partition, region }: Pick<Caller, 'partition' | 'region'>): StreamName {
  const arn = parseArn(given);
  const [, table, label] = RESOURCE.exec(arn?.resource ?? '') ?? [];
  const isHere = arn?.service === 'dynamodb' && arn.partition === partition && arn.region === region;
  if (!isHere || table === undefined || label === undefined) throw invalid(`Invalid StreamArn: ${given}`);
  return { accountId: arn.accountId, table, label };
}

/** Whether a stream still has records, or may get some. */
export const isReadable = ({ endedAt }: StreamRecord, now: number): boolean =>
  endedAt === undefined || now - endedAt < RECORD_MS;

/**
 * The stream of an ARN. One that is not here may have begun in another zone a moment ago, so the zone catches up once.
 * @throws AwsError when there is none
 */
export async function findStream({ catalogue }: StreamsDeps, call: Call, arn: string): Promise<StreamRecord> {
  const { accountId, table, label } = requestedStream(arn, call);
  const find = () => {
    const stream = catalogue.view.stream(accountId, table, label);
    return stream !== undefined && isReadable(stream, call.now) ? stream : undefined;
  };
  const here = find();
  if (here !== undefined) return here;
  await catalogue.upToDate(call.deadline).catch(() => {});
  const found = find();
  if (found === undefined) throw noSuchStream(arn);
  return found;
}
