/** Events of another process: what is taken, and what is refused. */
import { silentLogger } from '@stormglass/base';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { AuditEvent } from '@stormglass/service-kit';
import { expect, it } from 'vitest';
import { auditRoutes } from './audit-routes.ts';
import { carry } from './carried-events.ts';

const anEvent = (region: string): AuditEvent => ({
  ...{ id: 'e1', time: 1 },
  index: {
    ...{ region, account: '1', name: 'N', source: 's', user: 'u', accessKeyId: 'a' },
    ...{ readOnly: true, resources: [['AWS::IAM::User', 'bob']] },
  },
  record: '{"eventID":"e1"}',
});

async function bring(body: unknown, record: (events: readonly AuditEvent[]) => Promise<void> = async () => {}) {
  const route = auditRoutes({ 'us-east-1': record }, silentLogger)['POST /audit-events']!;
  return await route({ peer: {} as never, query: new URLSearchParams(), body });
}

it('are taken as they were sent', async () => {
  const taken: AuditEvent[] = [];
  const answer = await bring(JSON.parse(JSON.stringify(carry([anEvent('us-east-1')]))), async events => {
    taken.push(...events);
  });
  expect(answer).toEqual({ status: 200, json: { taken: 1 } });
  expect(taken).toEqual([anEvent('us-east-1')]);
});

it.each([
  ['nothing', undefined],
  ['no lines', { lines: 7 }],
  ['a line that is no event', { lines: 'rot\n' }],
  ['an index that is none', { lines: 'e1 1 {"region":1}\t{}\n' }],
  ['an index of nobody', { lines: 'e1 1 {}\t{}\n' }],
  ['an event of another region', carry([anEvent('eu-west-1')])],
  ['too many', { lines: carry([anEvent('us-east-1')]).lines.repeat(5000) }],
])('are refused when there is %s', async (_what, body) => {
  expect(await bring(body, () => Promise.reject(new Error('nobody may ask')))).toMatchObject({ status: 400 });
});

it('have to be brought again when the log does not take them', async () => {
  const answer = await bring(carry([anEvent('us-east-1')]), () =>
    Promise.reject(new LogUnavailable('not-applied', 'no quorum')),
  );
  expect(answer).toMatchObject({ status: 503 });
});

it('are not taken where there is no log for them', () => {
  expect(auditRoutes({ 'us-east-1': undefined }, silentLogger)).toEqual({});
});
