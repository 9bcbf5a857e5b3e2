/** Calls a second, latency and CPU of a region on the embedded engine, beside the floor and beside moto. */
import { MOTO_IN_FLIGHT } from './aims.ts';
import { call, root } from './calls.ts';
import type { Load } from './load.ts';
import { type Case, interleaved, type Measurement, type Rounds } from './measurement.ts';
import { bareServer, motoServer } from './peers.ts';
import {
  assumeRole,
  callerIdentity,
  createRole,
  createSessionRole,
  createUser,
  furnish,
  getRole,
} from './region-cases.ts';
import type { RegionServer } from './region-server.ts';

const MANY = 64;
const MOTO_ACCOUNT = '123456789012';
/** Prepared for one run; a run that is faster than this ends early, and says so. */
const USERS_MANY_PER_SECOND = 6000;
const USERS_ONE_PER_SECOND = 1500;
const USERS_MOTO_PER_SECOND = 600;

export async function measureCalls(region: RegionServer, load: Load, rounds: Rounds): Promise<Measurement[]> {
  const credentials = await furnish(region.port);
  const sample = await call(
    region.zonePort(0),
    { ...credentials, service: 'sts' },
    { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  );
  using node = await bareServer('node', sample);
  using fastify = await bareServer('fastify', sample);
  using moto = await motoServer();
  const whole = { server: 'region', port: region.port, pids: region.pids };
  const zone = { server: 'one zone', port: region.zonePort(0), pids: [region.zonePid(0)] };
  const bare = { server: 'bare node:http', ...node };
  const cases: Case[] = [];
  for (const inFlight of [MANY, 1]) {
    cases.push(
      callerIdentity(load, bare, credentials, inFlight),
      callerIdentity(load, { server: 'bare Fastify', ...fastify }, credentials, inFlight),
      callerIdentity(load, whole, credentials, inFlight),
      callerIdentity(load, zone, credentials, inFlight),
    );
  }
  for (const inFlight of [MANY, 1]) {
    cases.push(getRole(load, whole, credentials, inFlight), assumeRole(load, whole, credentials, inFlight));
  }
  const users = (perSecond: number) => Math.ceil(perSecond * (rounds.seconds + 2));
  cases.push(createUser(load, whole, MANY, users(USERS_MANY_PER_SECOND)));
  cases.push(createUser(load, whole, 1, users(USERS_ONE_PER_SECOND)));
  if (moto !== undefined) {
    await createRole(moto.port);
    await createSessionRole(moto.port);
    const peer = { server: 'moto', port: moto.port, pids: moto.pids };
    cases.push(
      callerIdentity(load, peer, root('sts'), MOTO_IN_FLIGHT),
      getRole(load, peer, root('iam'), MOTO_IN_FLIGHT),
      assumeRole(load, peer, root('sts'), MOTO_IN_FLIGHT, MOTO_ACCOUNT),
      // moto knows one account, and asks nobody for permission.
      createUser(load, peer, MOTO_IN_FLIGHT, users(USERS_MOTO_PER_SECOND), async () => root('iam')),
    );
  }
  // Awaited here, while the servers are there.
  return await interleaved(cases, rounds);
}
