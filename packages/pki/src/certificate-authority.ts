/**
 * The certificate authority of a region: one intermediate, signed by the root of its partition, which signs everything
 * else. It decides nothing about who may have what; its callers do. Everything issued or revoked is on its disk before
 * anybody hears of it.
 */
import { X509Certificate } from 'node:crypto';
import { type Clock, hexId, type Logger, type Random } from '@stormglass/base';
import type { AuthorityDisk } from './authority-disk.ts';
import { CertificateLedger, type IssuedCertificate, type Revocation } from './certificate-ledger.ts';
import { newPrivateKey, publicKeyPem } from './key-pair.ts';
import type { TrustBundle } from './tls-identity.ts';
import {
  type RevocationReason,
  type Signer,
  type SubjectName,
  writeCertificate,
  writeRevocationList,
  writeRoot,
} from './x509.ts';

export type { IssuedCertificate, Revocation } from './certificate-ledger.ts';
export { LedgerFull } from './certificate-ledger.ts';

export interface AuthorityOptions {
  readonly partition: string;
  readonly region: string;
  readonly disk: AuthorityDisk;
  /** The disks of the partition's other regions: an authority that begins anew takes the root that one of them has. */
  readonly siblings?: readonly AuthorityDisk[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface IssueRequest {
  readonly commonName: string;
  readonly names: readonly SubjectName[];
  /** SPKI in PEM. */
  readonly publicKey: string;
  readonly use: 'server' | 'client' | 'server-and-client';
  /** Dates in ms since the epoch; `notBefore` is a little before now unless given. */
  readonly notBefore?: number;
  readonly notAfter: number;
  /** What it is for, in words. */
  readonly holder: string;
  /** Equal for all attempts of one request: a repeated one gets the same certificate. */
  readonly requestId: string;
}

/** A certificate with the chain up to the root, without the root; PEM. */
export interface IssuedChain extends IssuedCertificate {
  readonly chain: readonly string[];
}

/** There is no such certificate. */
export class UnknownCertificate extends Error {
  override readonly name = 'UnknownCertificate';
}

/** The root certificate, on the authority's disk: what comes with every machine's image. */
export const ROOT = 'root.pem';
const KEYS = 'authority.json';
const DAY_MS = 24 * 3_600_000;
const ROOT_LIFE_MS = 3650 * DAY_MS;
const INTERMEDIATE_LIFE_MS = 365 * DAY_MS;
const REVOCATION_LIST_LIFE_MS = 7 * DAY_MS;
const SERIAL_BYTES = 16;
/** Certificates begin this share of their life, and at most so much, before they are issued: clocks differ. */
const BACKDATED_SHARE = 0.1;
const BACKDATED_MAX_MS = 300_000;

interface Material {
  readonly root: Signer;
  /** The newest last; that one signs. */
  readonly intermediates: readonly Signer[];
}

/** Whether an authority has its keys on a disk. */
export const hasAuthority = (disk: AuthorityDisk): boolean => disk.read(KEYS) !== undefined;

export class CertificateAuthority {
  readonly #options: AuthorityOptions;
  readonly #ledger: CertificateLedger;
  #material: Material;
  /** Requests being worked on, so that two attempts of one do not get two certificates. */
  readonly #underWay = new Map<string, Promise<IssuedChain>>();

  private constructor(options: AuthorityOptions, material: Material) {
    this.#options = options;
    this.#material = material;
    this.#ledger = new CertificateLedger(options.disk, options.clock.now(), options.logger);
  }

  /** Opens the authority on its disk; on an empty one the intermediate is made first, and the root if nobody has one. */
  static async open(options: AuthorityOptions): Promise<CertificateAuthority> {
    const stored = options.disk.read(KEYS);
    const material = stored === undefined ? await newMaterial(options) : (JSON.parse(stored) as Material);
    return new CertificateAuthority(options, material);
  }

  /** The root certificate, PEM: what clients need to trust. */
  get root(): string {
    return this.#material.root.certificate;
  }
  /** The intermediate that signs now, PEM. */
  get intermediate(): string {
    return this.#material.intermediates.at(-1)!.certificate;
  }
  /** Grows with each rotation of the intermediate: certificates of an older generation should be renewed. */
  get generation(): number {
    return this.#material.intermediates.length;
  }
  get issued(): readonly IssuedCertificate[] {
    return this.#ledger.all;
  }
  revocationOf = (serial: string): Revocation | undefined => this.#ledger.revocations.get(serial.toUpperCase());

  /** Whom to trust, and whom no longer; certificates that have ended by themselves are left out. */
  trust(): TrustBundle {
    return {
      partition: this.#options.partition,
      roots: [this.root],
      revoked: this.#revokedAndCurrent().map(({ serial }) => serial),
    };
  }

  /** @throws UnknownCertificate */
  find(serial: string): IssuedChain {
    const found = this.#ledger.find(serial);
    if (found === undefined) throw new UnknownCertificate(`there is no certificate ${serial}`);
    return this.#withChain(found);
  }

  /**
   * Issues a certificate.
   * @throws LedgerFull
   */
  issue(request: IssueRequest): Promise<IssuedChain> {
    const known = this.#ledger.ofRequest(request.requestId);
    if (known !== undefined) return Promise.resolve(this.#withChain(known));
    const underWay = this.#underWay.get(request.requestId);
    if (underWay !== undefined) return underWay;
    const issuing = this.#issue(request).finally(() => this.#underWay.delete(request.requestId));
    this.#underWay.set(request.requestId, issuing);
    return issuing;
  }

  /**
   * Revokes a certificate; one that is revoked already stays as it is.
   * @throws UnknownCertificate
   */
  revoke(serial: string, reason: RevocationReason): Revocation {
    const found = this.find(serial);
    const known = this.revocationOf(found.serial);
    if (known !== undefined) return known;
    const revocation = { serial: found.serial, at: this.#options.clock.now(), reason };
    this.#ledger.revoked(revocation);
    return revocation;
  }

  /** Revocation lists of all intermediates, the newest first, PEM. */
  async revocationLists(): Promise<string> {
    const now = this.#options.clock.now();
    const revoked = this.#revokedAndCurrent();
    const lists = this.#material.intermediates.map((signer, issuer) => {
      const own = revoked.filter(({ serial }) => this.#ledger.find(serial)?.issuer === issuer);
      const entries = own.map(({ serial, at, reason }) => ({ serial, revokedAt: at, reason }));
      return writeRevocationList(signer, entries, now, now + REVOCATION_LIST_LIFE_MS);
    });
    return (await Promise.all(lists)).reverse().join('');
  }

  /** Signs with a new intermediate from now on. What the old one signed stays valid until it ends. */
  async rotate(): Promise<void> {
    const { root, intermediates } = this.#material;
    const intermediate = await newIntermediate(this.#options, root, intermediates.length + 1);
    this.#material = { root, intermediates: [...intermediates, intermediate] };
    this.#options.disk.write(KEYS, JSON.stringify(this.#material));
  }

  async #issue(request: IssueRequest): Promise<IssuedChain> {
    const { clock, random } = this.#options;
    const now = clock.now();
    const backdatedMs = Math.min(BACKDATED_MAX_MS, Math.max(0, request.notAfter - now) * BACKDATED_SHARE);
    const { notBefore = now - backdatedMs } = request;
    const serial = newSerial(random);
    const issuer = this.#material.intermediates.length - 1;
    // Nothing outlives its issuer.
    const notAfter = Math.min(request.notAfter, endOf(this.intermediate));
    const certificate = await writeCertificate(
      { ...request, notBefore, serial },
      this.#material.intermediates[issuer]!,
    );
    const { holder, requestId } = request;
    const issued = { serial, certificate, issuer, holder, requestId, notAfter };
    this.#ledger.issued(issued);
    return this.#withChain(issued);
  }

  #revokedAndCurrent(): Revocation[] {
    const now = this.#options.clock.now();
    return [...this.#ledger.revocations.values()].filter(
      ({ serial }) => (this.#ledger.find(serial)?.notAfter ?? 0) > now,
    );
  }

  #withChain = (issued: IssuedCertificate): IssuedChain => ({
    ...issued,
    chain: [this.#material.intermediates[issued.issuer]!.certificate],
  });
}

const endOf = (pem: string): number => new X509Certificate(pem).validToDate.getTime();

/** Positive, and of full length whatever its bits: 16 bytes of which the first is never 0 nor above 7F. */
function newSerial(random: Random): string {
  const serial = hexId(random, SERIAL_BYTES).toUpperCase();
  return `${(Number.parseInt(serial.slice(0, 1), 16) & 7) | 4}${serial.slice(1)}`;
}

async function newMaterial(options: AuthorityOptions): Promise<Material> {
  const { disk, siblings = [] } = options;
  const known = siblings.map(sibling => sibling.read(KEYS)).find(stored => stored !== undefined);
  const root = known === undefined ? await newRoot(options) : (JSON.parse(known) as Material).root;
  const material = { root, intermediates: [await newIntermediate(options, root, 1)] };
  disk.write(ROOT, root.certificate);
  disk.write(KEYS, JSON.stringify(material));
  return material;
}

async function newRoot({ partition, clock, random }: AuthorityOptions): Promise<Signer> {
  const key = await newPrivateKey();
  const now = clock.now();
  const request = {
    serial: newSerial(random),
    commonName: `Stormglass ${partition} root`,
    names: [],
    publicKey: publicKeyPem(key),
    notBefore: now - BACKDATED_MAX_MS,
    notAfter: now + ROOT_LIFE_MS,
    use: 'authority' as const,
  };
  return { key, certificate: await writeRoot(request, key) };
}

async function newIntermediate(
  { region, clock, random }: AuthorityOptions,
  root: Signer,
  generation: number,
): Promise<Signer> {
  const key = await newPrivateKey();
  const now = clock.now();
  const request = {
    serial: newSerial(random),
    commonName: `Stormglass ${region} ${generation}`,
    names: [],
    publicKey: publicKeyPem(key),
    notBefore: now - BACKDATED_MAX_MS,
    notAfter: now + INTERMEDIATE_LIFE_MS,
    use: 'authority' as const,
  };
  return { key, certificate: await writeCertificate(request, root) };
}
