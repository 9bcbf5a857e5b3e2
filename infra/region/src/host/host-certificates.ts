/**
 * The certificates of a host: who it is on internal connections, and the names that clients see. Got from the authority
 * with the host's identity document, kept on the zone's disk, renewed, and replaced at once when they are revoked or the
 * authority signs with a new intermediate. Whom to trust is asked every other second and kept as well.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import { writeWholeSync } from '@stormglass/base/whole-file';
import { type AuthorityTrust, ENROLMENTS, type Enrolment } from '@stormglass/contracts';
import type { BeforeWrite } from '@stormglass/faults';
import {
  type Credential,
  credentialFile,
  newPrivateKey,
  publicKeyPem,
  Renewal,
  requestEnrolment,
  type SignedIdentityDocument,
  TlsIdentity,
  type TrustBundle,
} from '@stormglass/pki';
import type { AuthorityClient } from './authority-client.ts';

export interface HostCertificatesOptions {
  readonly partition: string;
  /**
   * Says who the host is; asked each time it wants a certificate.
   * @throws Error when nobody has said so yet
   */
  readonly document: () => SignedIdentityDocument;
  /** The partition's root certificate, PEM: part of the machine's image. */
  readonly rootFile: string;
  /** The zone's disk. */
  readonly folder: string;
  /** Asked before each write to it; throws where it is to fail. */
  readonly beforeWrite?: BeforeWrite;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const TRUST_POLL_MS = 2000;
/** Hosts that hear of a new intermediate renew within this time, each at a moment of its own. */
const ROTATION_SPREAD_MS = 3000;
const ROOT_POLL_MS = 25;
/** Clients are not ours: they speak what they speak. */
const PUBLIC_TLS = { minVersion: 'TLSv1.2' } as const;

export class HostCertificates {
  readonly #options: HostCertificatesOptions;
  readonly #folder: string;
  readonly #stopping = new AbortController();
  readonly #renewals: Renewal[] = [];
  readonly identities: Readonly<Record<Enrolment, TlsIdentity>>;
  #running: Promise<void> = Promise.resolve();
  #generation: number | undefined;
  #isTrustStored = true;

  constructor(options: HostCertificatesOptions) {
    this.#options = options;
    this.#folder = join(options.folder, 'certificates');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const { clock } = options;
    this.identities = { host: new TlsIdentity(clock), endpoint: new TlsIdentity(clock, PUBLIC_TLS) };
    const trust = this.#storedTrust();
    if (trust !== undefined) this.#trust(trust);
    else this.#forget();
  }

  /** Begins to keep the certificates; `authority` is asked in the background, for as long as it takes. */
  start(authority: AuthorityClient): void {
    const { document, clock, random, logger } = this.#options;
    for (const enrolment of ENROLMENTS) {
      const obtain = async (): Promise<Credential> => {
        const key = await newPrivateKey();
        const issued = await authority.enrol(enrolment, requestEnrolment(document(), publicKeyPem(key), key));
        return { key, certificate: issued.certificate, chain: issued.chain };
      };
      const store = credentialFile(this.#credentialFile(enrolment), this.#options.beforeWrite);
      const identity = this.identities[enrolment];
      this.#renewals.push(new Renewal({ identity, obtain, store, clock, random, logger, name: enrolment }));
    }
    this.#running = this.#followTrust(authority);
  }

  /** Renews at once, whatever the age of the certificates. */
  renew(): void {
    for (const renewal of this.#renewals) renewal.renewSoon();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    for (const renewal of this.#renewals) renewal.close();
    await this.#running;
  }

  async #followTrust(authority: AuthorityClient): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    let isAway = false;
    while (!signal.aborted) {
      if (this.identities.host.trust === undefined) this.#trustImage();
      else {
        try {
          this.#onTrust(await authority.trust());
          isAway = false;
        } catch (error) {
          if (!isAway) logger.warn('certificate authority: away', { error: errorStory(error) });
          isAway = true;
        }
      }
      const isWaitingForRoot = this.identities.host.trust === undefined;
      await sleep(clock, isWaitingForRoot ? ROOT_POLL_MS : TRUST_POLL_MS, signal).catch(() => {});
    }
  }

  /** The root is part of the machine's image; on a new region's first start the image may still be in the making. */
  #trustImage(): void {
    const { rootFile } = this.#options;
    if (!existsSync(rootFile)) return;
    this.#trust({ partition: this.#options.partition, roots: [readFileSync(rootFile, 'utf8')], revoked: [] });
    this.renew();
  }

  #onTrust({ generation, ...bundle }: AuthorityTrust): void {
    const known = this.identities.host.bundle;
    const isNews = JSON.stringify(known) !== JSON.stringify(bundle);
    if (isNews) this.#trust(bundle);
    if (isNews || !this.#isTrustStored) this.#storeTrust(bundle);
    const isRevoked = Object.values(this.identities).some(({ state }) => state === 'revoked');
    if (isNews && isRevoked) this.renew();
    if (this.#generation !== undefined && generation > this.#generation) {
      for (const renewal of this.#renewals) renewal.renewSoon(ROTATION_SPREAD_MS);
    }
    this.#generation = generation;
  }

  #trust(bundle: TrustBundle): void {
    for (const identity of Object.values(this.identities)) identity.trustIn(bundle);
  }

  /** What was stored holds as long as the machine's image has the same root. */
  #storedTrust(): TrustBundle | undefined {
    try {
      const stored = JSON.parse(readFileSync(this.#trustFile, 'utf8')) as TrustBundle;
      return stored.roots.includes(readFileSync(this.#options.rootFile, 'utf8')) ? stored : undefined;
    } catch {
      return undefined;
    }
  }

  /** Certificates that lead to no root we trust are worth nothing. */
  #forget(): void {
    for (const enrolment of ENROLMENTS) rmSync(this.#credentialFile(enrolment), { force: true });
  }

  #storeTrust(bundle: TrustBundle): void {
    const { beforeWrite, logger } = this.#options;
    const wasStored = this.#isTrustStored;
    try {
      beforeWrite?.();
      writeWholeSync(this.#trustFile, JSON.stringify(bundle));
      this.#isTrustStored = true;
    } catch (error) {
      this.#isTrustStored = false;
      if (wasStored) logger.warn('whom to trust cannot be stored and is tried again', { error: errorStory(error) });
    }
  }

  #credentialFile = (enrolment: Enrolment): string => join(this.#folder, `${enrolment}.json`);

  get #trustFile(): string {
    return join(this.#folder, 'trust.json');
  }
}
