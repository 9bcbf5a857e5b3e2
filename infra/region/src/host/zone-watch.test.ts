import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ZoneWatch } from './zone-watch.ts';

const OWN = 'use1-az1';
const OTHER = 'use1-az2';
const health = (about: Partial<ZoneHealth> = {}): ZoneHealth => ({
  ...{ status: 'ok', region: 'us-east-1', zone: OTHER, log: 'ok', services: [] },
  ...about,
});

let own: ZoneHealth;
let other: ZoneHealth | undefined;
let server: Server;
let links: LinkRules;
let watch: ZoneWatch;
let changes: string[];

beforeEach(async () => {
  own = health({ zone: OWN });
  other = health();
  links = new LinkRules();
  changes = [];
  server = createServer((_request, response) => {
    if (other === undefined) response.destroy();
    else response.end(JSON.stringify(other));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Half a second between two questions is a few milliseconds here; what bounds an answer stays as it is.
  const clock: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms === 500 ? 5 : ms, fn) };
  watch = new ZoneWatch({
    ...{ zone: OWN, ownHealth: () => own, links, clock },
    asked: { [OTHER]: { port: (server.address() as AddressInfo).port } },
    onChange: (zone, fitness) => changes.push(`${zone} ${fitness}`),
  });
});
afterEach(() => {
  watch.close();
  server.closeAllConnections();
  server.close();
});

const seen = (fitness: string) => until(`${fitness} zone`, () => watch.fitnessOf(OTHER) === fitness);

it('sees another zone come, lose its log, fall silent and come back, and tells of each change once', async () => {
  expect(watch.fitnessOf(OTHER)).toBe('silent');
  await seen('fit');
  other = health({ log: 'no-quorum' });
  await seen('limited');
  other = undefined;
  await seen('silent');
  other = health();
  await seen('fit');
  expect(changes).toEqual(['fit', 'limited', 'silent', 'fit'].map(fitness => `${OTHER} ${fitness}`));
});

it('asks over the link from its own zone, and sees what that link lets through', async () => {
  await seen('fit');
  const places = [OWN, OTHER, 'clients'];
  links.add(parseLinkRule('f1', { fault: 'partition', from: 'clients', to: OTHER }, places));
  links.add(parseLinkRule('f2', { fault: 'reset', from: OTHER, to: OWN, oneWay: true }, places));
  await seen('silent');
  links.remove('f2');
  await seen('fit');
});

it('knows itself without a question, and takes a stranger for silent', () => {
  expect(watch.fitnessOf(OWN)).toBe('fit');
  own = health({ status: 'starting' });
  expect(watch.fitnessOf(OWN)).toBe('limited');
  expect(watch.fitnessOf('use1-az9')).toBe('silent');
});
