/** Buckets of the other regions of the partition: their names are taken everywhere, and clients are sent on to them. */
import { type Clock, partitionOf } from '@stormglass/base';
import { BUCKETS } from '@stormglass/contracts';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { ObjectReplica, S3Deps } from '@stormglass/s3';
import { type RegionCalls, RegionUnreachable } from '../region-calls.ts';
import type { RegionRoutes } from '../region-routes.ts';

const NAME_LENGTH_MAX = 255;
/** How long the answer to another region may wait until it is certain. */
const CERTAIN_WITHIN_MS = 500;

/** What a zone answers to other regions. */
export const bucketRoutes = (
  index: Pick<ObjectReplica, 'view' | 'upToDate'>,
  clock: Pick<Clock, 'monotonic'>,
): RegionRoutes => ({
  async [`GET ${BUCKETS.herePath}`]({ query }) {
    const name = query.get('name') ?? '';
    if (name === '' || name.length > NAME_LENGTH_MAX) return { status: 400, json: { message: 'name must be a name' } };
    await index.upToDate(clock.monotonic() + CERTAIN_WITHIN_MS).catch((error: unknown) => {
      if (!(error instanceof LogUnavailable)) throw error;
    });
    return { status: 200, json: { isHere: index.view.bucket(name) !== undefined } };
  },
});

const ASK_TIMEOUT_MS = 1500;
const ANSWER_BYTES_MAX = 1024;
/** Answers are remembered for a while: clients that do not follow redirects ask again for every object. */
const FOUND_FOR_MS = 60_000;
const NOT_FOUND_FOR_MS = 1000;
const REMEMBERED_MAX = 10_000;

interface Remembered {
  readonly until: number;
  readonly region: Promise<string | undefined>;
}

/** Asks all other regions of the partition at once; one that cannot be reached is taken not to have the bucket. */
export function bucketsElsewhere(
  calls: Pick<RegionCalls, 'call'>,
  region: string,
  otherRegions: readonly { readonly name: string }[],
  clock: Pick<Clock, 'monotonic'>,
): S3Deps['bucketRegion'] | undefined {
  const others = otherRegions.map(({ name }) => name).filter(name => partitionOf(name) === partitionOf(region));
  if (others.length === 0) return undefined;
  const known = new Map<string, Remembered>();
  const ask = async (name: string): Promise<string | undefined> => {
    const answers = await Promise.all(others.map(async each => ((await isIn(calls, each, name)) ? each : undefined)));
    const found = answers.find(answer => answer !== undefined);
    const until = clock.monotonic() + (found === undefined ? NOT_FOUND_FOR_MS : FOUND_FOR_MS);
    known.set(name, { until, region: Promise.resolve(found) });
    return found;
  };
  return name => {
    const remembered = known.get(name);
    if (remembered !== undefined && remembered.until > clock.monotonic()) return remembered.region;
    if (known.size >= REMEMBERED_MAX) known.clear();
    const asked = ask(name);
    // Whoever asks meanwhile waits for the same answer.
    known.set(name, { until: clock.monotonic() + ASK_TIMEOUT_MS, region: asked });
    return asked;
  };
}

async function isIn(calls: Pick<RegionCalls, 'call'>, region: string, name: string): Promise<boolean> {
  const call = { method: 'GET', path: BUCKETS.here(name), timeoutMs: ASK_TIMEOUT_MS } as const;
  try {
    const { status, text } = await calls.call(region, { ...call, bytesMax: ANSWER_BYTES_MAX });
    return status === 200 && (JSON.parse(text) as { readonly isHere: boolean }).isHere;
  } catch (error) {
    if (error instanceof RegionUnreachable) return false;
    throw error;
  }
}
