/** What an authority has issued and revoked: a durable list of lines, and what they add up to. */
import type { Logger } from '@stormglass/base';
import type { AuthorityDisk } from './authority-disk.ts';
import type { RevocationReason } from './x509.ts';

export interface IssuedCertificate {
  /** Upper-case hexadecimal. */
  readonly serial: string;
  /** PEM. */
  readonly certificate: string;
  /** The issuer's certificate, by its place in the authority's list of intermediates. */
  readonly issuer: number;
  /** What it is for, in words: `host use1-az1`, `acm-pca`, `acme`. */
  readonly holder: string;
  /** Equal for all attempts of one request. */
  readonly requestId: string;
  /** In ms since the epoch. */
  readonly notAfter: number;
}

export interface Revocation {
  readonly serial: string;
  /** In ms since the epoch. */
  readonly at: number;
  readonly reason: RevocationReason;
}

type Line = ({ readonly kind: 'issued' } & IssuedCertificate) | ({ readonly kind: 'revoked' } & Revocation);

const FILE = 'ledger.jsonl';
/** Ended certificates are remembered this long. */
const REMEMBER_MS = 30 * 24 * 3_600_000;
const CERTIFICATES_MAX = 100_000;

/** The authority has as many certificates as it can look after. */
export class LedgerFull extends Error {
  override readonly name = 'LedgerFull';
}

export class CertificateLedger {
  readonly #disk: AuthorityDisk;
  readonly #issued = new Map<string, IssuedCertificate>();
  readonly #byRequest = new Map<string, IssuedCertificate>();
  readonly #revoked = new Map<string, Revocation>();

  /** Reads the ledger, and leaves out what ended long before `now`. A torn last line was never acknowledged. */
  constructor(disk: AuthorityDisk, now: number, logger: Logger) {
    this.#disk = disk;
    const text = disk.read(FILE) ?? '';
    const lines = text.split('\n').filter(line => line !== '');
    let isTorn = false;
    for (const [i, line] of lines.entries()) {
      const entry = parse(line);
      if (entry !== undefined) this.#take(entry);
      else {
        isTorn = true;
        logger.warn('certificate authority: a line of the ledger cannot be read', { line: i + 1 });
      }
    }
    const ended = [...this.#issued.values()].filter(({ notAfter }) => notAfter < now - REMEMBER_MS);
    for (const { serial, requestId } of ended) {
      this.#issued.delete(serial);
      this.#byRequest.delete(requestId);
      this.#revoked.delete(serial);
    }
    if (isTorn || ended.length > 0) disk.write(FILE, this.#lines().join(''));
  }

  get all(): readonly IssuedCertificate[] {
    return [...this.#issued.values()];
  }
  get revocations(): ReadonlyMap<string, Revocation> {
    return this.#revoked;
  }
  find = (serial: string): IssuedCertificate | undefined => this.#issued.get(serial.toUpperCase());
  ofRequest = (requestId: string): IssuedCertificate | undefined => this.#byRequest.get(requestId);

  /** Writes down a certificate before anybody gets it. @throws LedgerFull */
  issued(certificate: IssuedCertificate): void {
    if (this.#issued.size >= CERTIFICATES_MAX)
      throw new LedgerFull(`there are ${CERTIFICATES_MAX} certificates already`);
    this.#write({ kind: 'issued', ...certificate });
  }

  revoked(revocation: Revocation): void {
    this.#write({ kind: 'revoked', ...revocation });
  }

  #write(line: Line): void {
    this.#disk.append(FILE, JSON.stringify(line));
    this.#take(line);
  }

  #take({ kind, ...entry }: Line): void {
    if (kind === 'revoked') this.#revoked.set(entry.serial, entry as Revocation);
    else {
      this.#issued.set(entry.serial, entry as IssuedCertificate);
      this.#byRequest.set((entry as IssuedCertificate).requestId, entry as IssuedCertificate);
    }
  }

  #lines(): string[] {
    const lines: Line[] = [
      ...this.all.map(each => ({ ...each, kind: 'issued' as const })),
      ...[...this.#revoked.values()].map(each => ({ ...each, kind: 'revoked' as const })),
    ];
    return lines.map(line => `${JSON.stringify(line)}\n`);
  }
}

function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
