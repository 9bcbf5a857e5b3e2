/**
 * Documents of identity providers over HTTPS. A provider is believed when its certificate leads to a root this process
 * trusts (those of Node, and those in the file that NODE_EXTRA_CA_CERTS names), or to a certificate whose thumbprint the
 * account has given ("Obtain the thumbprint for an OpenID Connect identity provider" of the IAM User Guide). Redirects are
 * not followed. Plain HTTP is for issuers on this machine.
 */
import type { X509Certificate } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@stormglass/base';

export interface IssuerRequest {
  readonly url: URL;
  /** SHA-1 of certificates, 40 hexadecimal digits in lower case each. */
  readonly thumbprints: readonly string[];
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** @throws IssuerUnreachable; IssuerMisbehaves */
export type IssuerFetch = (asked: IssuerRequest) => Promise<string>;

/** Nobody there, or nobody who answers in time: it may be better in a moment. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Somebody is there, and it is not who it should be, or does not say what it should. */
export class IssuerMisbehaves extends Error {
  override readonly name = 'IssuerMisbehaves';
}

/** The IPv4 address of a host name; undefined when it has none. */
export type AddressOf = (name: string) => Promise<string | undefined>;

export function issuerFetch(addressOf: AddressOf, clock: Clock): IssuerFetch {
  const way = { lookup: lookupOf(addressOf), clock };
  return asked => (asked.url.protocol === 'https:' ? secure(asked, way) : plain(asked, way));
}

interface Way {
  readonly lookup: LookupFunction;
  readonly clock: Clock;
}

function plain(asked: IssuerRequest, { lookup, clock }: Way): Promise<string> {
  return read(asked, clock, onResponse => httpRequest(asked.url, { agent: false, lookup }, onResponse));
}

function secure(asked: IssuerRequest, { lookup, clock }: Way): Promise<string> {
  const { url, thumbprints } = asked;
  // Whoever is not trusted by a root may still be by a thumbprint, so that the connection is judged once it stands.
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, rejectUnauthorized: false });
  return read(asked, clock, (onResponse, refuse) => {
    const made = httpsRequest(url, { agent, lookup }, onResponse);
    made.on('socket', socket =>
      socket.once('secureConnect', () => {
        const tls = socket as TLSSocket;
        if (!tls.authorized && !isPinned(tls, url.hostname, thumbprints, clock.now()))
          refuse(new IssuerMisbehaves(`the certificate of ${url.host} is not trusted: ${tls.authorizationError}`));
      }),
    );
    return made;
  });
}

type Send = (
  onResponse: (response: IncomingMessage) => void,
  refuse: (why: Error) => void,
) => ReturnType<typeof httpRequest>;

function read({ url, bytesMax, timeoutMs }: IssuerRequest, clock: Clock, send: Send): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const refuse = (why: Error) => {
      reject(why);
      sent.destroy();
    };
    const sent = send(response => {
      if (response.statusCode !== 200) {
        const Kind = (response.statusCode ?? 0) >= 500 ? IssuerUnreachable : IssuerMisbehaves;
        return refuse(new Kind(`${url} answers with status ${response.statusCode}`));
      }
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > bytesMax) refuse(new IssuerMisbehaves(`${url} is larger than ${bytesMax} bytes`));
      });
      response.on('end', () => {
        if (response.complete) resolve(Buffer.concat(chunks).toString());
      });
      response.on('close', () => reject(new IssuerUnreachable(`${url} was cut off`)));
    }, refuse);
    const overdue = () => refuse(new IssuerUnreachable(`${url} does not answer in ${timeoutMs} ms`));
    const cancel = clock.after(timeoutMs, overdue);
    sent.on('close', cancel);
    sent.on('error', error => reject(new IssuerUnreachable(`${url} cannot be reached`, { cause: error })));
    sent.end();
  });
}

/** Whether the certificate leads to one with a thumbprint that is expected, each signed by the next. */
function isPinned(socket: TLSSocket, host: string, thumbprints: readonly string[], now: number): boolean {
  const leaf = socket.getPeerX509Certificate();
  const name = host.replace(/^\[|\]$/g, '');
  if (leaf === undefined || (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) === undefined) return false;
  let certificate: X509Certificate = leaf;
  for (let depth = 0; depth < CHAIN_MAX; depth++) {
    if (certificate.validFromDate.getTime() > now || certificate.validToDate.getTime() < now) return false;
    if (thumbprints.includes(certificate.fingerprint.replaceAll(':', '').toLowerCase())) return true;
    const issuer: X509Certificate | undefined = certificate.issuerCertificate;
    if (issuer === undefined || !issuer.ca) return false;
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false;
    certificate = issuer;
  }
  return false;
}

const CHAIN_MAX = 8;

const lookupOf =
  (addressOf: AddressOf): LookupFunction =>
  (name, { all }, callback) => {
    const failed = (cause?: unknown) =>
      callback(Object.assign(new Error(`${name} has no address`, { cause }), { code: 'ENOTFOUND' }), '', 4);
    addressOf(name).then(address => {
      if (address === undefined) return failed();
      return all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4);
    }, failed);
  };
