/**
 * The keys of identity providers, from their discovery documents (OpenID Connect Discovery 1.0, 4), kept for an hour. A
 * token with a key that is not known makes them be fetched again, twice a minute at most; while a provider cannot be
 * reached, keys fetched within the last day go on counting.
 */
import type { Clock } from '@stormglass/base';
import type { OidcProviderRecord } from '@stormglass/identity';
import { type IssuerFetch, IssuerMisbehaves } from './issuer-fetch.ts';
import { fits, isObject, type JsonWebToken, type VerificationKey, verificationKey } from './json-web-token.ts';

interface Known {
  readonly keys: readonly VerificationKey[];
  readonly at: number;
}

interface Remembered {
  known: Known | undefined;
  /** The last attempt, and why it failed. */
  triedAt: number;
  failure: unknown;
  fetching: Promise<void> | undefined;
}

const FRESH_MS = 3_600_000;
const USABLE_MS = 24 * FRESH_MS;
const RETRY_MS = 30_000;
/** Somebody who has just mended a provider should not have to wait for long. */
const RETRY_FAILED_MS = 2000;
const FETCH_MS = 3000;
const DISCOVERY_BYTES_MAX = 64 * 1024;
const KEYS_BYTES_MAX = 256 * 1024;
const KEYS_MAX = 100;
const ISSUERS_MAX = 256;

export class IssuerKeys {
  readonly #fetch: IssuerFetch;
  readonly #clock: Clock;
  readonly #issuers = new Map<string, Remembered>();

  constructor(fetch: IssuerFetch, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /**
   * The keys that may have signed the token.
   * @throws IssuerUnreachable; IssuerMisbehaves
   */
  async keysFor(provider: OidcProviderRecord, token: JsonWebToken): Promise<readonly VerificationKey[]> {
    const remembered = this.#rememberedOf(provider);
    const fitting = () => remembered.known?.keys.filter(key => fits(token, key)) ?? [];
    const age = this.#ageOf(remembered);
    if (age < FRESH_MS && fitting().length > 0) return fitting();
    if (this.#mayTry(remembered)) await (remembered.fetching ??= this.#refresh(provider, remembered));
    if (this.#ageOf(remembered) < USABLE_MS && fitting().length > 0) return fitting();
    if (remembered.failure !== undefined) throw remembered.failure;
    throw new IssuerMisbehaves(`${provider.issuer} has no key ${token.keyId ?? 'of that kind'}`);
  }

  #rememberedOf({ arn, issuer, thumbprints }: OidcProviderRecord): Remembered {
    // What one account trusts by its thumbprints is nothing to another.
    const name = [arn, issuer, ...thumbprints].join(' ');
    let remembered = this.#issuers.get(name);
    this.#issuers.delete(name);
    remembered ??= { known: undefined, triedAt: Number.NEGATIVE_INFINITY, failure: undefined, fetching: undefined };
    this.#issuers.set(name, remembered);
    // The one asked for longest ago goes.
    if (this.#issuers.size > ISSUERS_MAX) this.#issuers.delete(this.#issuers.keys().next().value!);
    return remembered;
  }

  #ageOf({ known }: Remembered): number {
    return known === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() - known.at;
  }

  #mayTry({ triedAt, failure, fetching }: Remembered): boolean {
    const waitMs = failure === undefined ? RETRY_MS : RETRY_FAILED_MS;
    return fetching !== undefined || this.#clock.monotonic() - triedAt >= waitMs;
  }

  async #refresh(provider: OidcProviderRecord, remembered: Remembered): Promise<void> {
    try {
      remembered.known = { keys: await this.#fetchKeys(provider), at: this.#clock.monotonic() };
      remembered.failure = undefined;
    } catch (error) {
      remembered.failure = error;
    } finally {
      remembered.triedAt = this.#clock.monotonic();
      remembered.fetching = undefined;
    }
  }

  async #fetchKeys({ issuer, thumbprints }: OidcProviderRecord): Promise<readonly VerificationKey[]> {
    const discovery = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const document = await this.#json(discovery, thumbprints, DISCOVERY_BYTES_MAX);
    if (document.issuer !== issuer) throw new IssuerMisbehaves(`${discovery} speaks for ${String(document.issuer)}`);
    const keysAt = keysUrl(document.jwks_uri, discovery);
    const { keys } = await this.#json(keysAt, thumbprints, KEYS_BYTES_MAX);
    if (!Array.isArray(keys) || keys.length > KEYS_MAX) throw new IssuerMisbehaves(`${keysAt} is no set of keys`);
    return keys.map(verificationKey).filter(key => key !== undefined);
  }

  async #json(url: URL, thumbprints: readonly string[], bytesMax: number): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.#fetch({ url, thumbprints, bytesMax, timeoutMs: FETCH_MS });
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
    } catch (cause) {
      throw new IssuerMisbehaves(`${url} is not JSON`, { cause });
    }
    throw new IssuerMisbehaves(`${url} is no JSON object`);
  }
}

/** Keys come the way the discovery document came, or a safer one. */
function keysUrl(text: unknown, discovery: URL): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === discovery.protocol && url.host === discovery.host);
  if (url === undefined || !isSafe) throw new IssuerMisbehaves(`${discovery} has no jwks_uri that can be used`);
  return url;
}
