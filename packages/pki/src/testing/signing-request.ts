/** Signing requests as customers write them, for tests of what issues certificates. */
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface TestSigningRequest {
  /** PKCS #10, PEM. */
  readonly pem: string;
  /** PKCS #10, DER. */
  readonly der: Buffer;
  readonly privateKey: KeyObject;
}

type Name = { readonly type: 'dns' | 'ip' | 'url' | 'email'; readonly value: string };

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = (modulusLength: number) => ({
  ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1) },
  modulusLength,
});

/** A request with a fresh key: P-256, or RSA of `rsaBits`. An empty common name leaves the subject empty. */
export async function testSigningRequest(
  commonName: string,
  names: readonly Name[] = [],
  { rsaBits }: { readonly rsaBits?: number } = {},
): Promise<TestSigningRequest> {
  const algorithm = rsaBits === undefined ? P256 : rsa(rsaBits);
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    ...(commonName === '' ? {} : { name: [{ CN: [commonName] }] }),
    keys,
    signingAlgorithm: algorithm,
    extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...names])],
  });
  return {
    pem: csr.toString('pem'),
    der: Buffer.from(csr.rawData),
    privateKey: KeyObject.from(keys.privateKey as webcrypto.CryptoKey),
  };
}
