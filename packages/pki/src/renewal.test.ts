/** Renewal on virtual time: when it happens, what an authority that is away costs, and how it comes back. */
import { seededRandom, silentLogger } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { describe, expect, it } from 'vitest';
import { newPrivateKey, publicKeyPem } from './key-pair.ts';
import { type CredentialStore, Renewal } from './renewal.ts';
import { testAuthority } from './testing/certificates.ts';
import { type Credential, TlsIdentity } from './tls-identity.ts';

const HOUR_MS = 3_600_000;
const LIFE_MS = 24 * HOUR_MS;

/** An identity under renewal, and a switch for its authority. */
async function underRenewal(seed = 1) {
  const clock = new SimClock();
  const authority = await testAuthority('aws', clock);
  const identity = new TlsIdentity(clock);
  identity.trustIn(authority.trust());
  const stored: Credential[] = [];
  const store: CredentialStore = { load: () => stored.at(-1), save: credential => void stored.push(credential) };
  const away = { value: false, asked: 0 };
  const certify = async (): Promise<Credential> => {
    away.asked++;
    if (away.value) throw new Error('the authority is away');
    const key = await newPrivateKey();
    const issued = await authority.issue({
      commonName: 'host',
      names: [],
      publicKey: publicKeyPem(key),
      use: 'server-and-client',
      notAfter: clock.now() + LIFE_MS,
      holder: 'host',
      requestId: `renewal-${away.asked}`,
    });
    return { key, certificate: issued.certificate, chain: issued.chain };
  };
  let underWay: Promise<unknown> = Promise.resolve();
  const obtain = () => {
    const credential = certify();
    underWay = credential.catch(() => {});
    return credential;
  };
  /** Virtual time goes on in steps; keys are made in real time between them. */
  const run = async (ms: number, done: () => boolean = () => false) => {
    const end = clock.monotonic() + ms;
    do {
      await clock.run(Math.min(end, clock.monotonic() + STEP_MS));
      await underWay;
      await clock.run(clock.monotonic());
    } while (!done() && clock.monotonic() < end);
  };
  const runUntil = async (ms: number, fact: () => boolean) => {
    await run(ms, fact);
    expect(fact()).toBe(true);
  };
  const start = () =>
    new Renewal({ identity, obtain, store, clock, random: seededRandom(seed), logger: silentLogger, name: 'host' });
  return { clock, authority, identity, stored, store, away, start, run, runUntil };
}

const STEP_MS = 60_000;

describe('renewal', () => {
  it('gets the first certificate at once and the next one at two thirds of its life, a little early', async () => {
    const { clock, identity, stored, start, runUntil } = await underRenewal();
    const renewal = start();
    await runUntil(0, () => stored.length === 1);
    const begun = clock.monotonic();
    await runUntil(LIFE_MS, () => stored.length === 2);
    const share = (clock.monotonic() - begun) / LIFE_MS;
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.67);
    expect(identity.state).toBe('ok');
    renewal.close();
  });

  it('uses a certificate that cannot be stored, and stores it when there is room, without another one', async () => {
    const { identity, stored, store, away, start, run, runUntil } = await underRenewal();
    const { save } = store;
    store.save = () => {
      throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    };
    const renewal = start();
    await runUntil(0, () => identity.state === 'ok');
    await run(HOUR_MS);
    expect({ asked: away.asked, stored: stored.length }).toEqual({ asked: 1, stored: 0 });
    store.save = save;
    await runUntil(HOUR_MS, () => stored.length === 1);
    expect(away.asked).toBe(1);
    renewal.close();
  });

  it('outlasts an authority that is away for less than the last third', async () => {
    const { identity, stored, away, start, run, runUntil } = await underRenewal();
    const renewal = start();
    await runUntil(0, () => stored.length === 1);
    await run(15 * HOUR_MS);
    away.value = true;
    await run(7 * HOUR_MS);
    expect(identity.state).toBe('overdue');
    away.value = false;
    await runUntil(HOUR_MS, () => stored.length === 2);
    expect(identity.state).toBe('ok');
    renewal.close();
  });

  it('lets the certificate end when the authority stays away, and recovers within seconds of its return', async () => {
    const { identity, stored, away, start, run, runUntil } = await underRenewal();
    const renewal = start();
    await runUntil(0, () => stored.length === 1);
    away.value = true;
    await run(25 * HOUR_MS);
    expect(identity.state).toBe('expired');
    expect(away.asked).toBeLessThan(5000);
    away.value = false;
    await runUntil(1000, () => stored.length === 2);
    expect(identity.state).toBe('ok');
    renewal.close();
  });

  it('begins with the stored certificate and asks nobody', async () => {
    const { identity, stored, away, start, run, runUntil } = await underRenewal();
    const first = start();
    await runUntil(0, () => stored.length === 1);
    first.close();
    away.value = true;
    away.asked = 0;
    const second = start();
    expect(identity.state).toBe('ok');
    await run(HOUR_MS);
    expect(away.asked).toBe(0);
    second.close();
  });

  it('renews soon when told to, and at once when its certificate is revoked', async () => {
    const { authority, identity, stored, start, runUntil } = await underRenewal();
    const renewal = start();
    await runUntil(0, () => stored.length === 1);
    renewal.renewSoon(2000);
    await runUntil(2000, () => stored.length === 2);
    authority.revoke(identity.serial!, 'keyCompromise');
    identity.trustIn(authority.trust());
    expect(identity.state).toBe('revoked');
    renewal.renewSoon();
    await runUntil(2000, () => stored.length === 3);
    expect(identity.state).toBe('ok');
    renewal.close();
  });
});
