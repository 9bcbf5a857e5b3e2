/**
 * The certificate authority's API (`@stormglass/contracts`, certificate-authority.ts) on its internal TLS port. Hosts
 * without a certificate may enrol and ask whom to trust; the rest is for hosts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock, Logger } from '@stormglass/base';
import {
  AUTHORITY,
  AuthorityError,
  type AuthorityErrorCode,
  type CustomerRequest,
  ENROLMENTS,
  type Enrolment,
  type EnrolmentRequest,
} from '@stormglass/contracts';
import {
  type CertificateAuthority,
  EnrolmentRefused,
  type IssuedChain,
  LedgerFull,
  MalformedRequest,
  MutualTlsServer,
  REVOCATION_REASONS,
  type RevocationReason,
  readSigningRequest,
  type TlsIdentity,
  UnknownCertificate,
} from '@stormglass/pki';

export interface AuthorityApiOptions {
  readonly identity: TlsIdentity;
  readonly region: string;
  /** The authority, once it is open. */
  readonly authority: () => CertificateAuthority | undefined;
  readonly enrol: (enrolment: Enrolment, request: EnrolmentRequest) => Promise<IssuedChain>;
  /** Serial numbers that other regions of the partition have revoked: their hosts come here as well. */
  readonly revokedElsewhere?: (() => readonly string[]) | undefined;
  /** Something was revoked. */
  readonly onRevoked: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const BODY_BYTES_MAX = 256 * 1024;
const BODY_TIMEOUT_MS = 10_000;
const STATUS: Record<AuthorityErrorCode, number> = {
  Unavailable: 503,
  MalformedRequest: 400,
  UnknownCertificate: 404,
  LedgerFull: 507,
  Refused: 403,
};

/** Builds the listener; whoever switches the authority off closes it. */
export function authorityApi(options: AuthorityApiOptions): MutualTlsServer {
  const { identity, region, clock, logger } = options;
  const known = new WeakSet<object>();
  const http = createServer({ requestTimeout: BODY_TIMEOUT_MS }, (request, response) => {
    void respond(options, request, response, known.has(request.socket));
  });
  return new MutualTlsServer({
    ...{ identity, clock, logger },
    admits: peer => peer.role === 'host' && peer.region === region,
    onStranger: socket => http.emit('connection', socket),
    onPeer: socket => {
      known.add(socket);
      http.emit('connection', socket);
    },
  });
}

async function respond(
  options: AuthorityApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  isHost: boolean,
): Promise<void> {
  let status = 200;
  let answer: unknown;
  try {
    answer = await answerTo(options, request, isHost);
  } catch (error) {
    const { code, message } = explain(error);
    status = STATUS[code];
    answer = { code, message };
    options.logger.warn('certificate authority: refused', { url: request.url, code, reason: message });
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

async function answerTo(
  { authority: opened, enrol, revokedElsewhere, onRevoked, clock }: AuthorityApiOptions,
  request: IncomingMessage,
  isHost: boolean,
): Promise<unknown> {
  const authority = opened();
  if (authority === undefined) throw new AuthorityError('Unavailable', 'the authority is still starting');
  const call = `${request.method} ${request.url}`;
  const enrolment = ENROLMENTS.find(each => call === `POST ${AUTHORITY.enrol(each)}`);
  if (enrolment !== undefined) return enrol(enrolment, (await readJson(request)) as EnrolmentRequest);
  if (call === `GET ${AUTHORITY.trust}`) {
    const { revoked, ...trust } = authority.trust();
    return { ...trust, revoked: [...revoked, ...(revokedElsewhere?.() ?? [])], generation: authority.generation };
  }
  if (!isHost) throw new AuthorityError('Refused', 'only a host may ask that, and it shows a certificate');
  if (call === `GET ${AUTHORITY.certificates}`) return { root: authority.root, intermediate: authority.intermediate };
  if (call === `GET ${AUTHORITY.revocationLists}`) return authority.revocationLists();
  if (call === `POST ${AUTHORITY.issue}`) return issue(authority, clock, (await readJson(request)) as CustomerRequest);
  const serial = /^\/certificates\/([0-9A-Fa-f]{2,40})(?:\/revocation)?$/.exec(request.url ?? '')?.[1] ?? '';
  if (call === `GET ${AUTHORITY.certificate(serial)}`) return find(authority, serial);
  if (call === `POST ${AUTHORITY.revoke(serial)}`) {
    const revocation = revoke(authority, serial, await readJson(request));
    onRevoked();
    return revocation;
  }
  throw new AuthorityError('Refused', `there is no ${call}`);
}

async function issue(authority: CertificateAuthority, clock: Clock, request: CustomerRequest): Promise<IssuedChain> {
  const { csr, use, notBefore, notAfter, holder, requestId } = request;
  const isComplete = [csr, holder, requestId].every(text => typeof text === 'string') && Number.isFinite(notAfter);
  if (!isComplete || !(notAfter > clock.now()))
    throw new AuthorityError('MalformedRequest', 'the request is not complete');
  const { publicKey, commonName, names } = await readSigningRequest(csr);
  // Identities are given to hosts alone, and only by enrolment.
  if (names.some(({ type }) => type === 'url')) throw new MalformedRequest('URIs are not issued');
  return authority.issue({
    ...{ publicKey, commonName, names, use, notAfter, holder, requestId },
    ...(notBefore === undefined ? {} : { notBefore }),
  });
}

function find(authority: CertificateAuthority, serial: string): object {
  const found = authority.find(serial);
  const revocation = authority.revocationOf(found.serial);
  return { ...found, ...(revocation === undefined ? {} : { revocation }) };
}

function revoke(authority: CertificateAuthority, serial: string, body: unknown): object {
  const { reason } = body as { reason?: string };
  if (reason === undefined || !Object.hasOwn(REVOCATION_REASONS, reason)) {
    throw new AuthorityError('MalformedRequest', `${reason} is no reason for a revocation`);
  }
  return authority.revoke(serial, reason as RevocationReason);
}

function explain(error: unknown): AuthorityError {
  if (error instanceof AuthorityError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MalformedRequest) return new AuthorityError('MalformedRequest', message);
  if (error instanceof UnknownCertificate) return new AuthorityError('UnknownCertificate', message);
  if (error instanceof LedgerFull) return new AuthorityError('LedgerFull', message);
  if (error instanceof EnrolmentRefused) return new AuthorityError('Refused', message);
  return new AuthorityError('Unavailable', message, { cause: error });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new AuthorityError('MalformedRequest', 'the request is too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch (cause) {
    throw new AuthorityError('MalformedRequest', 'the request is not JSON', { cause });
  }
}
