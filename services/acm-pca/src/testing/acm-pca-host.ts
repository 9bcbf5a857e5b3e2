/** ACM-PCA on a system-chosen port, and official clients for it: what its tests judge it by. */
import {
  ACMPCAClient,
  GetCertificateCommand,
  IssueCertificateCommand,
  type IssueCertificateCommandInput,
  ListCertificateAuthoritiesCommand,
} from '@aws-sdk/client-acm-pca';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { AuthorityError, type CertificateIssuer } from '@stormglass/contracts';
import { IamState } from '@stormglass/identity';
import type { CertificateAuthority } from '@stormglass/pki';
import { testSigningRequest } from '@stormglass/pki/testing';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, issuerOf, standaloneAuthority, standaloneHost } from '@stormglass/service-kit';
import { createAcmPcaService } from '../app.ts';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '210987654321';

export interface AcmPcaHost {
  readonly authority: CertificateAuthority;
  readonly issuer: CertificateIssuer;
  readonly endpoint: string;
  /** Takes the authority away, or brings it back. */
  away(isAway: boolean): void;
  client(accountId?: string): ACMPCAClient;
  close(): Promise<void>;
}

export async function startAcmPcaHost(): Promise<AcmPcaHost> {
  const sources = { clock: systemClock, random: seededRandom(7), logger: silentLogger };
  const replica = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
  await replica.start();
  const authority = await standaloneAuthority(sources);
  const issuer = issuerOf(authority);
  let isAway = false;
  const reachable = new Proxy(issuer, {
    get(target, key) {
      const ask = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) =>
        isAway ? Promise.reject(new AuthorityError('Unavailable', 'switched off')) : ask(...args);
    },
  });
  const services = [createAcmPcaService({ issuer: reachable })];
  const app = standaloneHost({ services, iam: iamReplicaOf(replica, systemClock), ...sources });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: ACMPCAClient[] = [];
  return {
    authority,
    issuer,
    endpoint,
    away(value) {
      isAway = value;
    },
    client(accountId = ACCOUNT) {
      const credentials = { accessKeyId: accountId, secretAccessKey: 'test' };
      const made = new ACMPCAClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
      clients.push(made);
      return made;
    },
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await replica.close();
    },
  };
}

/** The ARN of the client's authority. */
export async function authorityOf(client: ACMPCAClient): Promise<string> {
  const { CertificateAuthorities } = await client.send(new ListCertificateAuthoritiesCommand({}));
  return CertificateAuthorities![0]!.Arn!;
}

export type IssueOptions = Partial<IssueCertificateCommandInput> & { readonly csr?: string };

/** Has a certificate issued for a day, for `web.example` unless a request is given; its ARN. */
export async function issue(client: ACMPCAClient, { csr, ...more }: IssueOptions = {}): Promise<string> {
  const pem = csr ?? (await testSigningRequest('web.example', [{ type: 'dns', value: 'web.example' }])).pem;
  const { CertificateArn } = await client.send(
    new IssueCertificateCommand({
      CertificateAuthorityArn: await authorityOf(client),
      Csr: Buffer.from(pem),
      SigningAlgorithm: 'SHA256WITHECDSA',
      Validity: { Type: 'DAYS', Value: 1 },
      ...more,
    }),
  );
  return CertificateArn!;
}

/** Fetches a certificate with its chain. */
export const get = async (client: ACMPCAClient, CertificateArn: string) =>
  client.send(new GetCertificateCommand({ CertificateAuthorityArn: await authorityOf(client), CertificateArn }));
