/** Orders that outlive the zones that work on them. */
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcmeClient } from './testing/acme-client.ts';
import { AcmeZones, authorize, challengeOf, csrFor, hurried, order, settled } from './testing/acme-zones.ts';

let zones: AcmeZones;
beforeAll(async () => {
  zones = await AcmeZones.start();
});
afterAll(() => zones.close());

describe('an order', () => {
  it('begun in one zone is finished in others', async () => {
    const [a, b, c] = [await zones.zone(), await zones.zone(), await zones.zone()];
    const client = await AcmeClient.registered(a.base);
    const made = await order(client, 'web.example');
    const elsewhere = (url: string) => url.replace(a.base, b.base);
    const inB = client.in(b.base);
    await authorize(
      zones,
      inB,
      { ...made, json: { authorizations: made.json.authorizations!.map(elsewhere) } },
      'dns-01',
    );
    const inC = client.in(c.base);
    await inC.post(made.json.finalize!.replace(a.base, c.base), { csr: await csrFor('web.example') });
    const { json } = await settled(client, made.headers.get('location')!, 'valid');
    expect((await client.post(json.certificate!)).text).toContain('BEGIN CERTIFICATE');
  });

  it('goes on elsewhere when the zone that validated is gone', async () => {
    const [a, b] = [await zones.zone(), await zones.zone({ clock: hurried(20), deadlineMs: 100_000 })];
    const client = await AcmeClient.registered(a.base);
    const made = await order(client, 'lost.example');
    const [url] = made.json.authorizations!;
    const challenge = challengeOf(await client.post(url!));
    const path = `/.well-known/acme-challenge/${challenge.token}`;
    let asked = false;
    zones.pages.set(path, () => {
      asked = true;
    });
    await client.post(challenge.url, {});
    await until('the validation', () => asked);
    await a.close();
    zones.answer(challenge, 'lost.example', client.key);
    await until('the other zone', () => b.replica.view.authorization(url!.split('/').at(-1)!)?.status === 'valid');
  });

  it('goes on elsewhere when the zone that issued is gone', async () => {
    const [a, b] = [await zones.zone(), await zones.zone({ clock: hurried(20), deadlineMs: 100_000 })];
    const client = await AcmeClient.registered(a.base);
    const made = await order(client, 'web.example');
    await authorize(zones, client, made);
    zones.isAuthorityAway = true;
    const before = zones.authority.issued.length;
    await client.post(made.json.finalize!, { csr: await csrFor('web.example') });
    await a.close();
    zones.isAuthorityAway = false;
    const id = made.headers.get('location')!.split('/').at(-1)!;
    await until('the other zone', () => b.replica.view.order(id)?.status === 'valid');
    expect(zones.authority.issued).toHaveLength(before + 1);
  });
});
