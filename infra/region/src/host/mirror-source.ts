/** IAM's home region as the follower of another region reaches it: calls to the internal port of one of its zones. */
import { MIRROR } from '@stormglass/contracts';
import type { FeedAnswer } from '@stormglass/identity';
import { readSnapshot } from '@stormglass/replicated-state';
import type { InternalAnswer } from './internal-call.ts';
import type { MirrorSource } from './mirror-follower.ts';
import type { RegionCalls } from './region-calls.ts';

/** On top of what an answer may wait for news: connecting takes some ways there and back over a long link. */
const TIMEOUT_MS = 3000;
const ROWS_TIMEOUT_MS = 60_000;

export function mirrorSource(calls: RegionCalls, region: string): MirrorSource {
  return {
    region,
    async feed({ logId, after, waitMs }, signal) {
      const path = MIRROR.feed(logId, after, waitMs);
      const call = { method: 'GET', path, timeoutMs: waitMs + TIMEOUT_MS, signal } as const;
      return JSON.parse(good(await calls.call(region, call))) as FeedAnswer;
    },
    async rows(accountId, signal) {
      const call = { method: 'GET', path: MIRROR.rows(accountId), timeoutMs: ROWS_TIMEOUT_MS, signal } as const;
      return readSnapshot(good(await calls.call(region, call)));
    },
    async confirm(confirmation, signal) {
      const call = { method: 'POST', path: MIRROR.confirm, body: confirmation } as const;
      good(await calls.call(region, { ...call, timeoutMs: 2 * TIMEOUT_MS, signal }));
    },
  };
}

function good({ status, text }: InternalAnswer): string {
  if (status !== 200) throw new Error(`the home region answers ${status}: ${text.slice(0, 200)}`);
  return text;
}
