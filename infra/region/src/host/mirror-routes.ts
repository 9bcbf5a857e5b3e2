/** The mirror's paths on the internal port of the home region's zones. */
import { MIRROR } from '@stormglass/contracts';
import type { MirrorHome } from '@stormglass/identity';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { RegionAnswer, RegionRequest, RegionRoutes } from './region-routes.ts';

const ACCOUNT_ID = /^\d{12}$/;
const ID_LENGTH_MAX = 128;

export const mirrorRoutes = (home: MirrorHome): RegionRoutes => ({
  [`GET ${MIRROR.feedPath}`]: ({ peer, query }) =>
    answered(async () => {
      const logId = query.get('log') ?? '';
      const after = Number(query.get('after'));
      const waitMs = Number(query.get('wait-ms'));
      if (!Number.isSafeInteger(after) || !Number.isFinite(waitMs)) return bad('after and wait-ms must be numbers');
      return { status: 200, json: await home.feed(peer.region, { logId, after, waitMs }) };
    }),
  [`GET ${MIRROR.rowsPath}`]: ({ peer, query }) =>
    answered(async () => {
      const accountId = query.get('account') ?? undefined;
      if (accountId !== undefined && !ACCOUNT_ID.test(accountId)) return bad('account must have twelve digits');
      return { status: 200, snapshot: await home.rows(peer.region, accountId) };
    }),
  [`POST ${MIRROR.confirm}`]: ({ peer, body }: RegionRequest) =>
    answered(async () => {
      const { accountId, changeId } = (body ?? {}) as Record<string, unknown>;
      if (typeof accountId !== 'string' || !ACCOUNT_ID.test(accountId)) return bad('accountId must have twelve digits');
      if (typeof changeId !== 'string' || changeId.length > ID_LENGTH_MAX) return bad('changeId must be a short text');
      await home.confirm(peer.region, { accountId, changeId });
      return { status: 200, json: null };
    }),
});

const bad = (message: string): RegionAnswer => ({ status: 400, json: { message } });

/** A zone that cannot know says so: another one may. */
async function answered(answer: () => Promise<RegionAnswer>): Promise<RegionAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    return { status: 503, json: { message: error.message } };
  }
}
