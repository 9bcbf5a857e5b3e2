/** Zones of ACME on one log in memory, with names and a web server that tests decide about. */
import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { AuthorityError, type CertificateIssuer } from '@stormglass/contracts';
import { IamState } from '@stormglass/identity';
import type { CertificateAuthority } from '@stormglass/pki';
import { testSigningRequest } from '@stormglass/pki/testing';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, issuerOf, standaloneAuthority, standaloneHost } from '@stormglass/service-kit';
import { until } from '@stormglass/testing';
import { startAcme } from '../app.ts';
import type { AcmeReplica } from '../deps.ts';
import { PREFIX } from '../plugin.ts';
import { AcmeState } from '../state/state.ts';
import type { AcmeClient, Answer, TestChallenge } from './acme-client.ts';

export interface AcmeZone {
  readonly base: string;
  readonly replica: AcmeReplica;
  close(): Promise<void>;
}

export interface ZoneOptions {
  readonly clock?: Clock;
  readonly deadlineMs?: number;
}

type Page = (request: IncomingMessage, response: ServerResponse) => void;

export class AcmeZones {
  readonly authority: CertificateAuthority;
  /** Texts on the web server that every name leads to, by path. */
  readonly pages = new Map<string, string | Page>();
  /** TXT records by name; an error is what resolving them ends with. */
  readonly texts = new Map<string, unknown[] | Error>();
  /** Names that lead nowhere. */
  readonly lost = new Set<string>();
  isAuthorityAway = false;
  readonly log = new MemoryLog(systemClock);
  readonly #zones: AcmeZone[] = [];
  readonly #web = createServer((request, response) => this.#serve(request, response));
  #webPort = 0;

  private constructor(authority: CertificateAuthority) {
    this.authority = authority;
  }

  static async start(): Promise<AcmeZones> {
    const sources = { clock: systemClock, random: seededRandom(3), logger: silentLogger };
    const zones = new AcmeZones(await standaloneAuthority(sources));
    await new Promise<void>(done => zones.#web.listen(0, '127.0.0.1', done));
    zones.#webPort = (zones.#web.address() as AddressInfo).port;
    return zones;
  }

  get webPort(): number {
    return this.#webPort;
  }

  /** Another zone, on the same log. */
  async zone({ clock = systemClock, deadlineMs = 5000 }: ZoneOptions = {}): Promise<AcmeZone> {
    const sources = { clock, random: seededRandom(100 + this.#zones.length), logger: silentLogger };
    const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
    const replica: AcmeReplica = new Replica({ machine: new AcmeState(), log: this.log.open(), ...sources });
    await Promise.all([iam.start(), replica.start()]);
    const acme = startAcme({
      ...{ replica, issuer: this.#issuer(), httpPort: this.#webPort, zone: 'use1-az1', deadlineMs, ...sources },
      resolve: (name, type) => this.#resolve(name, type),
    });
    const host = { services: [], iam: iamReplicaOf(iam, clock), mounts: [acme.mount], ...sources };
    const app = standaloneHost(host);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    await until('a key for nonces', () => replica.view.nonceKey !== undefined);
    const zone: AcmeZone = {
      base: `${address}${PREFIX}`,
      replica,
      async close() {
        app.server.closeAllConnections();
        await app.close();
        await Promise.all([acme.close(), replica.close(), iam.close()]);
      },
    };
    this.#zones.push(zone);
    return zone;
  }

  async close(): Promise<void> {
    for (const zone of this.#zones) await zone.close();
    this.#web.closeAllConnections();
    await new Promise(done => this.#web.close(done));
  }

  /** Puts in place what makes a challenge succeed. */
  answer({ type, token }: TestChallenge, name: string, { thumbprint }: { readonly thumbprint: string }): void {
    const keyAuthorization = `${token}.${thumbprint}`;
    if (type === 'http-01') this.pages.set(`/.well-known/acme-challenge/${token}`, `${keyAuthorization}\n`);
    else {
      const at = `_acme-challenge.${name}`;
      const known = this.texts.get(at);
      const digest = hash('sha256', keyAuthorization, 'base64url');
      this.texts.set(at, [...(Array.isArray(known) ? known : []), [digest]]);
    }
  }

  #issuer(): CertificateIssuer {
    const issuer = issuerOf(this.authority);
    const away = () => Promise.reject(new AuthorityError('Unavailable', 'switched off'));
    return new Proxy(issuer, {
      get: (target, key) => (this.isAuthorityAway ? away : (Reflect.get(target, key) as unknown)),
    });
  }

  async #resolve(name: string, type: string): Promise<{ type: string; data: unknown }[]> {
    if (type === 'A') return this.lost.has(name) ? [] : [{ type, data: '127.0.0.1' }];
    const found = type === 'TXT' ? (this.texts.get(name) ?? []) : [];
    if (found instanceof Error) throw found;
    return found.map(data => ({ type, data }));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const page = this.pages.get(request.url ?? '');
    if (typeof page === 'function') page(request, response);
    else response.writeHead(page === undefined ? 404 : 200).end(page ?? 'not here');
  }
}

/** A clock that runs so many times as fast, for what would take a zone too long. */
export const hurried = (times: number): Clock => ({
  ...systemClock,
  monotonic: () => systemClock.monotonic() * times,
  after: (ms, fn) => systemClock.after(ms / times, fn),
});

/** Begins an order for names; wildcards and addresses are recognised. */
export const order = (client: AcmeClient, ...values: readonly string[]): Promise<Answer> =>
  client.post('/new-order', {
    identifiers: values.map(value => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
  });

export const challengeOf = ({ json }: Answer, type = 'http-01'): TestChallenge =>
  json.challenges!.find(challenge => challenge.type === type)!;

/** Polls `url` until its status is one of those. */
export async function settled(client: AcmeClient, url: string, ...statuses: readonly string[]): Promise<Answer> {
  return until(`${url} to become ${statuses.join(' or ')}`, async () => {
    const answer = await client.post(url);
    if (!statuses.includes(answer.json.status ?? '')) throw new Error(answer.text);
    return answer;
  });
}

/** Brings an order to `ready`, every name by the challenge of this type. */
export async function authorize(zones: AcmeZones, client: AcmeClient, made: Answer, type = 'http-01'): Promise<void> {
  for (const url of made.json.authorizations!) {
    const authorization = await client.post(url);
    const { identifier } = authorization.json as { identifier: { value: string } };
    const challenge = challengeOf(authorization, type);
    zones.answer(challenge, identifier.value, client.key);
    await client.post(challenge.url, {});
    await settled(client, url, 'valid');
  }
}

/** A CSR for names, as finalize takes it. */
export async function csrFor(...values: readonly string[]): Promise<string> {
  const names = values.map(value => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }));
  return (await testSigningRequest('', names)).der.toString('base64url');
}

/** From the first wish to the certificate; the URL of the order and the PEM chain. */
export async function obtain(zones: AcmeZones, client: AcmeClient, ...values: readonly string[]) {
  const made = await order(client, ...values);
  await authorize(zones, client, made);
  await client.post(made.json.finalize!, { csr: await csrFor(...values) });
  const url = made.headers.get('location')!;
  const { json } = await settled(client, url, 'valid');
  return { url, chain: (await client.post(json.certificate!)).text };
}
