/** The certificate authority as a host sees it, over the link to the place `ca`. */
import type { Agent } from 'node:http';
import type { Clock } from '@stormglass/base';
import {
  AUTHORITY,
  type AuthorityCertificates,
  AuthorityError,
  type AuthorityErrorCode,
  type AuthorityTrust,
  type CertificateIssuer,
  type CustomerCertificate,
  type CustomerRequest,
  type Enrolment,
  type EnrolmentRequest,
  type IssuedChain,
  type RevocationReason,
} from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import { connectMutually, type Revocation, type TlsIdentity, type VerifiedPeer } from '@stormglass/pki';
import { agentOver, internalCall } from './internal-call.ts';
import { INTERNAL_NAMES, locate, type Resolve } from './locate.ts';

export const AUTHORITY_PLACE = 'ca';

export interface AuthorityClientOptions {
  readonly zone: string;
  readonly region: string;
  readonly identity: TlsIdentity;
  readonly resolve: Resolve;
  readonly links: LinkRules;
  readonly clock: Clock;
}

const TIMEOUT_MS = 5000;

export class AuthorityClient implements CertificateIssuer {
  readonly #options: AuthorityClientOptions;
  /** For what needs no certificate, and for what does. */
  readonly #anonymous: Agent;
  readonly #certified: Agent;

  constructor(options: AuthorityClientOptions) {
    this.#options = options;
    this.#anonymous = agentOver(() => this.#connect(true));
    this.#certified = agentOver(() => this.#connect(false));
  }

  enrol = (enrolment: Enrolment, request: EnrolmentRequest): Promise<IssuedChain> =>
    this.#call(this.#anonymous, 'POST', AUTHORITY.enrol(enrolment), request);
  trust = (): Promise<AuthorityTrust> => this.#call(this.#anonymous, 'GET', AUTHORITY.trust);
  certificates = (): Promise<AuthorityCertificates> => this.#call(this.#certified, 'GET', AUTHORITY.certificates);
  issue = (request: CustomerRequest): Promise<IssuedChain> =>
    this.#call(this.#certified, 'POST', AUTHORITY.issue, request);
  find = (serial: string): Promise<CustomerCertificate> =>
    this.#call(this.#certified, 'GET', AUTHORITY.certificate(serial));
  revoke = (serial: string, reason: RevocationReason): Promise<Revocation> =>
    this.#call(this.#certified, 'POST', AUTHORITY.revoke(serial), { reason });
  revocationLists = (): Promise<string> => this.#call(this.#certified, 'GET', AUTHORITY.revocationLists);

  close(): void {
    this.#anonymous.destroy();
    this.#certified.destroy();
  }

  async #connect(isAnonymous: boolean) {
    const { identity, resolve, region } = this.#options;
    const where = await locate(resolve, INTERNAL_NAMES.authority(region));
    const expects = (peer: VerifiedPeer) => peer.role === 'world' && peer.region === region;
    return connectMutually(identity, { ...where, isAnonymous, expects });
  }

  async #call<T>(agent: Agent, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const { zone, links, clock } = this.#options;
    const call = { from: zone, to: AUTHORITY_PLACE, links, clock, agent, method, path, timeoutMs: TIMEOUT_MS };
    const answer = await internalCall(body === undefined ? call : { ...call, body }).catch((cause: Error) => {
      throw new AuthorityError('Unavailable', `the certificate authority cannot be reached: ${cause.message}`, {
        cause,
      });
    });
    const value = JSON.parse(answer.text) as unknown;
    if (answer.status < 400) return value as T;
    const { code, message } = value as { code: AuthorityErrorCode; message: string };
    throw new AuthorityError(code, message);
  }
}
