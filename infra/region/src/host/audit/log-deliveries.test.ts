/** Log files between two containers of a zone, without the connection between them. */
import { silentLogger } from '@stormglass/base';
import type { LogDelivery } from '@stormglass/cloudtrail';
import { INTERNAL } from '@stormglass/contracts';
import type { VerifiedPeer } from '@stormglass/pki';
import { expect, it } from 'vitest';
import { deliverOver, logRoutes } from './log-deliveries.ts';

const LOG: LogDelivery = { bucket: 'logs', key: 'AWSLogs/one', accountId: '1', trailArn: 'arn:aws:cloudtrail:1' };

/** Both ends, with `take` as S3 behind them. */
function ends(take: (delivery: LogDelivery) => Promise<string | undefined>) {
  const route = logRoutes(take, silentLogger)[`POST ${INTERNAL.logFiles}`]!;
  const post = async (body: unknown) => {
    const peer = {} as VerifiedPeer;
    const answer = await route({ peer, query: new URLSearchParams(), body: JSON.parse(JSON.stringify(body)) });
    return { status: answer.status, text: JSON.stringify('json' in answer ? answer.json : null) };
  };
  return { post, deliver: deliverOver(post) };
}

it('brings a file, or the question alone, and takes the answer back', async () => {
  const taken: LogDelivery[] = [];
  const { deliver } = ends(async delivery => {
    taken.push(delivery);
    return delivery.file === undefined ? 'AccessDenied' : undefined;
  });
  expect(await deliver({ ...LOG, file: Buffer.from([1, 2, 255]) })).toBeUndefined();
  expect(await deliver(LOG)).toBe('AccessDenied');
  expect(taken).toEqual([{ ...LOG, file: Buffer.from([1, 2, 255]) }, LOG]);
});

it('rejects where nobody knows what became of it', async () => {
  const { deliver } = ends(async () => {
    throw new Error('no quorum');
  });
  await expect(deliver(LOG)).rejects.toThrow('answered with 503');
});

it.each([null, [], {}, { ...LOG, bucket: 1 }, { ...LOG, key: 'k'.repeat(3000) }, { ...LOG, file: 7 }])(
  'refuses %o',
  async body => {
    expect(await ends(async () => undefined).post(body)).toMatchObject({ status: 400 });
  },
);

it('has no route without S3', () => expect(logRoutes(undefined, silentLogger)).toEqual({}));
