/**
 * The certificate authority in the world: opens it, serves its API, keeps the world itself certified, and breaks it on
 * demand. Hosts outlive its absence for as long as their certificates last.
 */
import { join } from 'node:path';
import { type Clock, errorStory, hexId, type Logger, type Random } from '@stormglass/base';
import { AuthorityError, type CertificateStatus, ENROLMENTS } from '@stormglass/contracts';
import {
  type AuthorityDisk,
  authorityFolder,
  CertificateAuthority,
  type Credential,
  credentialFile,
  identityUri,
  type MutualTlsServer,
  newPrivateKey,
  platformKeyOn,
  publicKeyPem,
  Renewal,
  type SignedIdentityDocument,
  signIdentityDocument,
  TlsIdentity,
} from '@stormglass/pki';
import type { Region } from '../../topology.ts';
import { authorityApi } from './authority-api.ts';
import { endpointNames } from './endpoint-names.ts';
import { certifyHost, type EnrolmentPolicy, holderOf } from './enrolment.ts';

export interface AuthorityServiceOptions {
  readonly region: Region;
  readonly folder: string;
  /** Folders of the authorities of the partition's other regions, which share its root. */
  readonly siblingFolders?: readonly string[];
  /** Serial numbers of the certificates that those have revoked. */
  readonly revokedElsewhere?: () => readonly string[];
  readonly port: number;
  /** The address it listens on; this machine's own unless said otherwise. */
  readonly listenHost?: string;
  /** Of the front door. */
  readonly host: string;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const LISTEN_HOST = '127.0.0.1';

export class AuthorityService {
  readonly #options: AuthorityServiceOptions;
  readonly #disk: AuthorityDisk;
  readonly #platformKey: string;
  /** Zone and id of the instance that is powered on, by host. */
  readonly #instances = new Map<string, { readonly zone: string; readonly instanceId: string }>();
  readonly #faults = { ended: new Set<string>(), banned: new Set<string>() };
  /** The world's own, on internal connections. */
  readonly identity: TlsIdentity;
  #authority: CertificateAuthority | undefined;
  #api: MutualTlsServer | undefined;
  #renewal: Renewal | undefined;
  #isAway = false;
  /** Opening and closing the port takes a moment; they follow one another. */
  #switching: Promise<void> = Promise.resolve();

  constructor(options: AuthorityServiceOptions) {
    this.#options = options;
    this.#disk = authorityFolder(options.folder);
    this.#platformKey = platformKeyOn(this.#disk);
    this.identity = new TlsIdentity(options.clock);
  }

  /** The root certificate's file: part of every machine's image. */
  static rootFile = (folder: string): string => join(folder, 'root.pem');

  /** A host is being powered on: who it is from now on. A zone has one, unless each has a name. */
  powerOn(zone: string, host = zone): SignedIdentityDocument {
    const { region, random, clock } = this.#options;
    const instanceId = `i-${hexId(random, 9).slice(0, 17)}`;
    this.#instances.set(host, { zone, instanceId });
    const { partition, name } = region;
    const document = { partition, region: name, zone, role: 'host', instanceId, poweredOnAt: clock.now() } as const;
    return signIdentityDocument(document, this.#platformKey);
  }

  /** @throws Error (`EADDRINUSE`, ...) when the port cannot be had */
  async start(): Promise<void> {
    const { region, folder, siblingFolders = [], clock, random, logger } = this.#options;
    const { partition, name } = region;
    this.#authority = await CertificateAuthority.open({
      partition,
      region: name,
      disk: this.#disk,
      siblings: siblingFolders.map(authorityFolder),
      clock,
      random,
      logger,
    });
    this.identity.trustIn(this.#authority.trust());
    this.#renewal = new Renewal({
      identity: this.identity,
      obtain: () => this.#certifyWorld(),
      store: credentialFile(join(folder, 'world.json')),
      ...{ clock, random, logger },
      name: 'world',
    });
    await this.#listen();
  }

  async close(): Promise<void> {
    this.#renewal?.close();
    await this.#switching;
    await this.#api?.close();
  }

  /** The root certificate, PEM. */
  get root(): string {
    return this.#opened().root;
  }

  /** Serial numbers of certificates that were revoked and have not ended. */
  get revoked(): readonly string[] {
    return this.#authority?.trust().revoked ?? [];
  }

  certificates(): readonly CertificateStatus[] {
    const authority = this.#opened();
    return authority.issued.map(({ serial, holder, notAfter }) => {
      const revocation = authority.revocationOf(serial);
      return { serial, holder, notAfter, ...(revocation === undefined ? {} : { revocation }) };
    });
  }

  revocationLists = (): Promise<string> => this.#opened().revocationLists();

  /** @throws UnknownCertificate */
  revoke(serial: string): void {
    const authority = this.#opened();
    authority.revoke(serial, 'unspecified');
    this.identity.trustIn(authority.trust());
  }

  /** A certificate for a server of the region that is not ours and cannot renew it by itself. */
  async certifyServer(name: string, lifeMs: number): Promise<Credential> {
    const { random, clock } = this.#options;
    const key = await newPrivateKey();
    const { certificate, chain } = await this.#opened().issue({
      commonName: name,
      names: [name, 'localhost'].map(value => ({ type: 'dns', value }) as const),
      use: 'server-and-client',
      publicKey: publicKeyPem(key),
      notAfter: clock.now() + lifeMs,
      holder: `server ${name}`,
      requestId: `server-${hexId(random, 12)}`,
    });
    return { key, certificate, chain };
  }

  /** Signs with a new intermediate; hosts renew when they hear of it. */
  async rotate(): Promise<void> {
    await this.#opened().rotate();
    this.#renewal?.renewSoon();
  }

  /** Fault: the authority cannot be reached by anybody, the world included. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    const { logger } = this.#options;
    this.#switching = this.#switching
      .then(() => this.#switch())
      .catch(error => logger.error('certificate authority: cannot listen', { error: errorStory(error) }));
  }

  async #switch(): Promise<void> {
    if (this.#isAway) {
      await this.#api?.close();
      this.#api = undefined;
    } else if (this.#api === undefined) await this.#listen();
  }

  /** Fault: what the hosts of a zone get has ended already. */
  setEnded(zone: string, isEnded: boolean): void {
    if (isEnded) this.#faults.ended.add(zone);
    else this.#faults.ended.delete(zone);
  }

  /** Fault: the certificates of a zone's host are revoked and it gets no others. */
  setBanned(zone: string, isBanned: boolean): void {
    if (!isBanned) {
      this.#faults.banned.delete(zone);
      return;
    }
    this.#faults.banned.add(zone);
    const authority = this.#opened();
    const holders = ENROLMENTS.map(enrolment => holderOf(enrolment, zone));
    const now = this.#options.clock.now();
    for (const { serial, holder, notAfter } of authority.issued) {
      if (holders.includes(holder) && notAfter > now) authority.revoke(serial, 'keyCompromise');
    }
    this.identity.trustIn(authority.trust());
  }

  async #listen(): Promise<void> {
    const { region, clock, logger, port } = this.#options;
    const api = authorityApi({
      identity: this.identity,
      region: region.name,
      authority: () => this.#authority,
      revokedElsewhere: this.#options.revokedElsewhere,
      onRevoked: () => this.identity.trustIn(this.#opened().trust()),
      enrol: (enrolment, request) => certifyHost(this.#opened(), this.#policy(), this.#faults, enrolment, request),
      clock,
      logger,
    });
    await api.listen(port, this.#options.listenHost ?? LISTEN_HOST);
    this.#api = api;
  }

  #policy(): EnrolmentPolicy {
    const { region, host, certificateLifeMs, clock } = this.#options;
    return {
      partition: region.partition,
      region: region.name,
      platformKey: this.#platformKey,
      isPoweredOn: (zone, instanceId) =>
        [...this.#instances.values()].some(each => each.zone === zone && each.instanceId === instanceId),
      endpointNames: () => endpointNames(region, host),
      lifeMs: certificateLifeMs,
      clock,
    };
  }

  async #certifyWorld(): Promise<Credential> {
    const { region, random, clock, certificateLifeMs, logger } = this.#options;
    if (this.#isAway) throw new AuthorityError('Unavailable', 'the authority is away');
    const authority = this.#opened();
    const key = await newPrivateKey();
    const { partition, name } = region;
    const uri = identityUri({ partition, region: name, zone: '*', role: 'world' });
    const issued = await authority
      .issue({
        commonName: `world.${name}`,
        names: [{ type: 'url', value: uri }],
        use: 'server-and-client',
        publicKey: publicKeyPem(key),
        notAfter: clock.now() + certificateLifeMs,
        holder: 'world',
        requestId: `world-${hexId(random, 12)}`,
      })
      .catch(error => {
        logger.error('certificate authority: the world gets no certificate', { error: errorStory(error) });
        throw error;
      });
    return { key, certificate: issued.certificate, chain: issued.chain };
  }

  #opened(): CertificateAuthority {
    if (this.#authority === undefined) throw new AuthorityError('Unavailable', 'the authority is still starting');
    return this.#authority;
  }
}
