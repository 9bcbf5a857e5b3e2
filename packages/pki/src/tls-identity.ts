/**
 * A certificate in use: its key, its chain, and whom it trusts. Listeners and clients take what they need from here and
 * hear when it changes, so that a renewed certificate is in use without a restart or a dropped connection.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { Clock } from '@stormglass/base';
import { type Trust, type VerifiedPeer, verifyPeer } from './peer-verification.ts';
import { INTERNAL_TLS } from './tls-alert.ts';

/** Everything in PEM. */
export interface Credential {
  readonly key: string;
  readonly certificate: string;
  /** From the issuer of the certificate up, without the root. */
  readonly chain: readonly string[];
}

/** Whom to trust, as the certificate authority publishes it. */
export interface TrustBundle {
  readonly partition: string;
  /** PEM. */
  readonly roots: readonly string[];
  /** Serial numbers, upper-case hexadecimal. */
  readonly revoked: readonly string[];
}

/** `none`: there is no certificate yet. `expired`: not valid by this host's clock, or revoked. */
export type CertificateState = 'none' | 'ok' | 'overdue' | 'expired' | 'revoked';

/** After this share of its life a certificate is renewed. */
export const RENEW_AT = 2 / 3;
/** After this share of its life one that was not renewed is reported. */
const OVERDUE_AT = 5 / 6;

/** Options of `tls.createSecureContext` that do not come from the certificate. */
export type Protocol = Pick<SecureContextOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;

interface Current extends Credential {
  readonly leaf: X509Certificate;
  readonly context: SecureContext;
}

export class TlsIdentity {
  /** This host's clock. */
  readonly clock: Clock;
  readonly #protocol: Protocol;
  readonly #listeners = new Set<() => void>();
  #current: Current | undefined;
  #trust: Trust | undefined;
  #bundle: TrustBundle | undefined;

  /** `protocol`: what TLS to speak; internal TLS unless said otherwise. */
  constructor(clock: Clock, protocol: Protocol = INTERNAL_TLS) {
    this.clock = clock;
    this.#protocol = protocol;
  }

  get credential(): Credential | undefined {
    return this.#current;
  }
  get bundle(): TrustBundle | undefined {
    return this.#bundle;
  }
  get trust(): Trust | undefined {
    return this.#trust;
  }
  /** For handshakes; undefined while there is no certificate, or nobody to trust. */
  get context(): SecureContext | undefined {
    return this.#trust === undefined ? undefined : this.#current?.context;
  }
  /** For a handshake in which only the other end shows a certificate; undefined while there is nobody to trust. */
  get anonymousContext(): SecureContext | undefined {
    return this.#bundle && createSecureContext({ ...this.#protocol, ca: [...this.#bundle.roots] });
  }
  /** What `context` was made of, for listeners that make their own. */
  get options(): SecureContextOptions | undefined {
    if (this.#trust === undefined || this.#current === undefined) return undefined;
    return this.#options(this.#current, this.#bundle);
  }
  get serial(): string | undefined {
    return this.#current?.leaf.serialNumber;
  }
  /** End of the certificate's life, in ms since the epoch. */
  get notAfter(): number | undefined {
    return this.#current?.leaf.validToDate.getTime();
  }

  /** When it should be renewed, in ms since the epoch: at two thirds of its life. */
  get renewAt(): number | undefined {
    return this.#current === undefined ? undefined : shareOfLife(this.#current.leaf, RENEW_AT);
  }

  get state(): CertificateState {
    if (this.#current === undefined) return 'none';
    const { leaf } = this.#current;
    if (this.#trust?.revoked.has(leaf.serialNumber)) return 'revoked';
    const now = this.clock.now();
    if (now > leaf.validToDate.getTime() || now < leaf.validFromDate.getTime()) return 'expired';
    return now > shareOfLife(leaf, OVERDUE_AT) ? 'overdue' : 'ok';
  }

  /**
   * Takes a new certificate into use.
   * @throws Error when the parts do not belong together
   */
  install(credential: Credential): void {
    const leaf = new X509Certificate(credential.certificate);
    if (!leaf.publicKey.equals(createPublicKey(createPrivateKey(credential.key)))) {
      throw new Error('the certificate is for another key');
    }
    this.#current = { ...credential, leaf, context: createSecureContext(this.#options(credential, this.#bundle)) };
    this.#tell();
  }

  /** Takes a new list of roots and revoked certificates into use. */
  trustIn(bundle: TrustBundle): void {
    const { partition, roots, revoked } = bundle;
    this.#trust = { partition, roots: roots.map(pem => new X509Certificate(pem)), revoked: new Set(revoked) };
    const rootsChanged = this.#bundle?.roots.join('') !== roots.join('');
    this.#bundle = bundle;
    if (rootsChanged && this.#current !== undefined) {
      this.#current = { ...this.#current, context: createSecureContext(this.#options(this.#current, bundle)) };
    }
    this.#tell();
  }

  /**
   * Who a peer is, by its certificate and this host's clock.
   * @throws PeerRefused; Error when there is nobody to trust yet
   */
  verify(leaf: X509Certificate, use: 'client' | 'server'): VerifiedPeer {
    if (this.#trust === undefined) throw new Error('there is no root to trust yet');
    return verifyPeer(leaf, use, this.#trust, this.clock.now());
  }

  /** Calls `fn` when certificate or trust have changed, until the returned function is called. */
  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  #options({ key, certificate, chain }: Credential, bundle: TrustBundle | undefined): SecureContextOptions {
    return { ...this.#protocol, key, cert: [certificate, ...chain].join(''), ca: [...(bundle?.roots ?? [])] };
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function shareOfLife({ validFromDate, validToDate }: X509Certificate, share: number): number {
  const from = validFromDate.getTime();
  return from + (validToDate.getTime() - from) * share;
}
