/**
 * Certificates, requests and revocation lists as bytes: the one file that knows the library that writes them. It is
 * large (some 20 MiB and 150 ms), so it is loaded when the first certificate is written, and hosts that only hold
 * certificates never load it.
 */
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import type * as X509 from '@peculiar/x509';

export type SubjectName =
  | { readonly type: 'dns'; readonly value: string }
  | { readonly type: 'ip'; readonly value: string }
  | { readonly type: 'url'; readonly value: string };

export interface Signer {
  /** Certificate of the issuer, PEM. */
  readonly certificate: string;
  /** Its private key, PKCS #8 PEM, P-256. */
  readonly key: string;
}

export interface CertificateRequest {
  /** Hexadecimal. */
  readonly serial: string;
  readonly commonName: string;
  readonly names: readonly SubjectName[];
  /** SPKI in PEM. */
  readonly publicKey: string;
  /** In ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly use: 'authority' | 'server' | 'client' | 'server-and-client';
}

export interface SigningRequest {
  readonly publicKey: string;
  /** Empty when the subject has none. */
  readonly commonName: string;
  readonly names: readonly SubjectName[];
}

/** RFC 5280, 5.3.1; `certificateHold` and `removeFromCRL` are not used. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

export interface RevokedEntry {
  readonly serial: string;
  readonly revokedAt: number;
  readonly reason: RevocationReason;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

let library: Promise<typeof X509> | undefined;
function load(): Promise<typeof X509> {
  library ??= (async () => {
    await import('reflect-metadata');
    return await import('@peculiar/x509');
  })();
  return library;
}

const signingKey = (key: string): Promise<CryptoKey> => {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']) as Promise<CryptoKey>;
};

/** RFC 7468. */
const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?!$)/g, '$&\n')}\n-----END ${label}-----\n`;

const spki = (key: string): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** A self-signed authority: the root of a partition. Returns PEM. */
export const writeRoot = (request: CertificateRequest, key: string): Promise<string> => write(request, undefined, key);

/** A certificate signed by `signer`. Returns PEM. */
export const writeCertificate = (request: CertificateRequest, signer: Signer): Promise<string> =>
  write(request, signer.certificate, signer.key);

async function write(request: CertificateRequest, issuer: string | undefined, key: string): Promise<string> {
  const x509 = await load();
  const publicKey = spki(request.publicKey);
  // Who has alternative names only has no subject at all, and its names are critical (RFC 5280, 4.2.1.6).
  const isNamed = request.commonName !== '';
  const subject = new x509.Name(isNamed ? [{ CN: [request.commonName] }] : []);
  const issuerCertificate = issuer === undefined ? undefined : new x509.X509Certificate(issuer);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: request.serial,
    subject: subject.toString(),
    issuer: issuerCertificate?.subject ?? subject.toString(),
    notBefore: new Date(request.notBefore),
    notAfter: new Date(request.notAfter),
    publicKey: new Uint8Array(publicKey),
    signingKey: await signingKey(key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...usage(x509, request, issuer === undefined),
      await x509.SubjectKeyIdentifierExtension.create(new Uint8Array(publicKey)),
      await x509.AuthorityKeyIdentifierExtension.create(issuerCertificate?.publicKey ?? new Uint8Array(publicKey)),
      ...(request.names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...request.names], !isNamed)]),
    ],
  });
  return pem('CERTIFICATE', certificate.rawData);
}

function usage(x509: typeof X509, { use }: CertificateRequest, isRoot: boolean): X509.Extension[] {
  const { KeyUsageFlags, BasicConstraintsExtension, KeyUsagesExtension, ExtendedKeyUsageExtension } = x509;
  if (use === 'authority') {
    return [
      new BasicConstraintsExtension(true, isRoot ? 1 : 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ];
  }
  const purposes = [
    ...(use === 'client' ? [] : [x509.ExtendedKeyUsage.serverAuth]),
    ...(use === 'server' ? [] : [x509.ExtendedKeyUsage.clientAuth]),
  ];
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(purposes),
  ];
}

/** A revocation list signed by `signer` (RFC 5280, 5). Returns PEM. */
export async function writeRevocationList(
  signer: Signer,
  entries: readonly RevokedEntry[],
  thisUpdate: number,
  nextUpdate: number,
): Promise<string> {
  const x509 = await load();
  const crl = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(signer.certificate).subject,
    thisUpdate: new Date(thisUpdate),
    nextUpdate: new Date(nextUpdate),
    entries: entries.map(({ serial, revokedAt, reason }) => ({
      serialNumber: serial,
      revocationDate: new Date(revokedAt),
      reason: REVOCATION_REASONS[reason],
    })),
    signingAlgorithm: ALGORITHM,
    signingKey: await signingKey(signer.key),
  });
  return pem('X509 CRL', crl.rawData);
}

/** A PKCS #10 request could not be read, or is not signed with the key it names. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}

/**
 * Reads a PKCS #10 request, PEM or DER, and checks that it was signed with the key it names (RFC 2986).
 * @throws MalformedRequest
 */
export async function readSigningRequest(request: string | Uint8Array): Promise<SigningRequest> {
  const x509 = await load();
  let csr: X509.Pkcs10CertificateRequest;
  let isSigned: boolean;
  try {
    csr = new x509.Pkcs10CertificateRequest(typeof request === 'string' ? request : new Uint8Array(request));
    isSigned = await csr.verify();
  } catch (cause) {
    throw new MalformedRequest('the certificate signing request cannot be read', { cause });
  }
  if (!isSigned) throw new MalformedRequest('the certificate signing request is not signed with its own key');
  const extension = csr.extensions.find(each => each instanceof x509.SubjectAlternativeNameExtension);
  const alternatives = extension?.names.items ?? [];
  const names = alternatives.map(({ type, value }): SubjectName => {
    if (type === 'dns' || type === 'ip' || type === 'url') return { type, value };
    throw new MalformedRequest(`names of the type ${type} are not issued`);
  });
  return {
    publicKey: createPublicKey({ key: Buffer.from(csr.publicKey.rawData), format: 'der', type: 'spki' })
      .export({ type: 'spki', format: 'pem' })
      .toString(),
    commonName: csr.subjectName.getField('CN')[0] ?? '',
    names,
  };
}
