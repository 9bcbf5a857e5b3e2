/** Calls between regions: which zone is asked, and what is open to a zone of another region. */
import { silentLogger, systemClock } from '@stormglass/base';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import { type CertificateAuthority, connectMutually, type MutualTlsServer, type TlsIdentity } from '@stormglass/pki';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { serveInternalApi } from './internal-api.ts';
import { agentOver, internalCall } from './internal-call.ts';
import { RegionCalls, RegionUnreachable } from './region-calls.ts';
import type { RegionRoutes } from './region-routes.ts';

const HOME = 'us-east-1';
const AWAY = 'ap-southeast-2';
const ZONES = ['use1-az1', 'use1-az2'];
const sources = { clock: systemClock, logger: silentLogger };

let authority: CertificateAuthority;
let identity: TlsIdentity;
beforeAll(async () => {
  authority = await testAuthority();
  identity = await testIdentity(authority, { region: AWAY, zone: 'apse2-az1' });
});

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A zone of the home region that answers `GET /who` as it is told to; its port. */
async function homeZone(zone: string, forRegions: RegionRoutes): Promise<{ port: number; server: MutualTlsServer }> {
  const own = await testIdentity(authority, { zone });
  const server = await serveInternalApi({
    ...{ zone, region: HOME, identity: own, replicas: {}, forRegions, ...sources },
    ...{ port: 0, host: '127.0.0.1' },
  });
  closing.push(() => server.close());
  return { port: server.port, server };
}

const who =
  (zone: string, status = 200): RegionRoutes[string] =>
  async ({ peer, query, body }) => ({ status, json: [zone, peer.region, peer.zone, query.get('x'), body ?? null] });

const routes = (zone: string, status?: number): RegionRoutes => ({
  'GET /who': who(zone, status),
  'POST /who': who(zone, status),
});

function callsTo(ports: Readonly<Record<string, number>>, links = new LinkRules()): RegionCalls {
  const resolve = async (name: string, type: string) => {
    const zone = ZONES.find(id => name.includes(id));
    if (type === 'A') return [{ type, data: '127.0.0.1' }];
    return zone === undefined || ports[zone] === undefined
      ? []
      : [{ type: 'SRV', data: { target: 'host.test', port: ports[zone] } }];
  };
  const calls = new RegionCalls({
    ...{ zone: 'apse2-az1', ordinal: 0, otherRegions: [{ name: HOME, zones: ZONES.map(id => ({ id })) }] },
    ...{ identity, resolve, links, clock: systemClock },
  });
  closing.push(() => calls.close());
  return calls;
}

const get = (calls: RegionCalls, path = '/who?x=1') => calls.call(HOME, { method: 'GET', path, timeoutMs: 2000 });

it('a zone that answers is asked again, one that cannot is passed over', async () => {
  const answers = { status: 503 };
  const { port } = await homeZone(ZONES[0]!, { 'GET /who': request => who(ZONES[0]!, answers.status)(request) });
  const second = await homeZone(ZONES[1]!, routes(ZONES[1]!));
  const calls = callsTo({ [ZONES[0]!]: port, [ZONES[1]!]: second.port });
  expect(JSON.parse((await get(calls)).text)).toEqual(['use1-az2', AWAY, 'apse2-az1', '1', null]);
  answers.status = 200;
  expect((await get(calls)).text).toContain('use1-az2');
  await second.server.close();
  expect((await get(calls)).text).toContain('use1-az1');
  const posted = await calls
    .call(HOME, { method: 'POST', path: '/who', body: { a: 1 }, timeoutMs: 5000 })
    .catch(e => e);
  expect(posted).toMatchObject({ status: 403 });
});

it('a link that is cut is a zone that does not answer', async () => {
  const { port } = await homeZone(ZONES[0]!, routes(ZONES[0]!));
  const second = await homeZone(ZONES[1]!, routes(ZONES[1]!));
  const links = new LinkRules();
  const calls = callsTo({ [ZONES[0]!]: port, [ZONES[1]!]: second.port }, links);
  const cut = { fault: 'partition', from: 'apse2-az1', to: 'use1-az1' };
  links.add(parseLinkRule('f1', cut, ['apse2-az1', 'use1-az1']));
  expect((await get(calls)).text).toContain('use1-az2');
});

it('nobody answers for a region that is gone, or that there is not', async () => {
  const calls = callsTo({});
  await expect(get(calls)).rejects.toThrow(RegionUnreachable);
  await expect(calls.call('eu-west-1', { method: 'GET', path: '/', timeoutMs: 100 })).rejects.toThrow(
    RegionUnreachable,
  );
});

it('nothing but the paths between regions is open to another region', async () => {
  const { port } = await homeZone(ZONES[0]!, routes(ZONES[0]!));
  const calls = callsTo({ [ZONES[0]!]: port });
  for (const path of ['/replicas', '/snapshots/iam?at-least=0', '/faults', '/toString']) {
    expect(await get(calls, path)).toMatchObject({ status: 403 });
  }
});

it('the world of another region is nobody, and so is everyone where no path is open', async () => {
  const ask = async (port: number, as: TlsIdentity) => {
    const agent = agentOver(() => connectMutually(as, { host: '127.0.0.1', port, expects: () => true }));
    closing.push(() => agent.destroy());
    const call = { from: 'a', to: 'b', links: new LinkRules(), clock: systemClock, agent, timeoutMs: 5000 };
    return internalCall({ ...call, method: 'GET', path: '/who' });
  };
  const { port } = await homeZone(ZONES[0]!, routes(ZONES[0]!));
  expect(await ask(port, identity)).toMatchObject({ status: 200 });
  const world = await testIdentity(authority, { region: AWAY, zone: '*', role: 'world' });
  await expect(ask(port, world)).rejects.toThrow();
  const closed = await homeZone(ZONES[1]!, {});
  await expect(ask(closed.port, identity)).rejects.toThrow();
});
