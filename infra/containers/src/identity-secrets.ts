/**
 * On Kubernetes, what the world writes for each zone goes into a Secret of that zone, which the zone's pods mount: so no
 * volume has to reach from one zone into another. Looks again and again, and tells the Kubernetes API what is new.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ClientRequest, request as plainRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import { join } from 'node:path';
import { type Cancel, type Clock, errorStory, type Logger } from '@stormglass/base';

/** Values by key, as a Secret has them. */
export type SecretData = Readonly<Record<string, string>>;

/** Sets keys of a Secret; rejects when the API does not take them. */
export type PatchSecret = (name: string, data: SecretData) => Promise<void>;

export interface IdentitySecretsOptions {
  /** The folder that the world fills, by the name of the Secret it goes into. */
  readonly folders: ReadonlyMap<string, string>;
  readonly patch: PatchSecret;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 2000;

export class IdentitySecrets {
  readonly #options: IdentitySecretsOptions;
  readonly #told = new Map<string, string>();
  #cancel: Cancel = () => {};
  #isClosed = false;

  constructor(options: IdentitySecretsOptions) {
    this.#options = options;
  }

  /** Whether every Secret holds what was found last. */
  get areTold(): boolean {
    return this.#told.size === this.#options.folders.size;
  }

  /** Looks now, and every other second from now on. */
  async start(): Promise<void> {
    await this.look();
    if (!this.#isClosed) this.#cancel = this.#options.clock.after(EVERY_MS, () => void this.start());
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { folders, patch, logger } = this.#options;
    for (const [name, folder] of folders) {
      const data = identityData(folder);
      const text = JSON.stringify(data);
      if (data === undefined || this.#told.get(name) === text) continue;
      this.#told.delete(name);
      await patch(name, data).then(
        () => this.#told.set(name, text),
        error => logger.warn('a Secret cannot be written', { secret: name, error: errorStory(error) }),
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }
}

/** What a zone's folder holds, `nats/cert.pem` as `nats.cert.pem`; undefined until the world is done with it. */
export function identityData(folder: string): SecretData | undefined {
  if (!existsSync(join(folder, 'root.pem'))) return undefined;
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(file => file.isFile());
  const paths = files.map(file => join(file.parentPath, file.name)).filter(path => !path.endsWith('.new'));
  const keyOf = (path: string) => path.slice(folder.length + 1).replaceAll('/', '.');
  return Object.fromEntries(paths.sort().map(path => [keyOf(path), readFileSync(path, 'utf8')]));
}

export interface KubernetesApi {
  /** For example `https://kubernetes.default.svc`. */
  readonly endpoint: string;
  /** Of a service account: `token`, `ca.crt`, `namespace`. The token is a new one every hour. */
  readonly accountFolder: string;
}

const TIMEOUT_MS = 10_000;

/** Secrets of the service account's own namespace (Kubernetes API, `core/v1`, JSON merge patch of RFC 7386). */
export function kubernetesSecrets({ endpoint, accountFolder }: KubernetesApi): PatchSecret {
  const file = (name: string) => readFileSync(join(accountFolder, name), 'utf8').trim();
  return (name, data) =>
    new Promise((resolve, reject) => {
      const values = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
      const payload = JSON.stringify({ data: Object.fromEntries(values) });
      const url = new URL(`/api/v1/namespaces/${file('namespace')}/secrets/${name}`, endpoint);
      const options: RequestOptions = {
        method: 'PATCH',
        timeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${file('token')}`,
          'content-type': 'application/merge-patch+json',
          'content-length': Buffer.byteLength(payload),
        },
        ...(url.protocol === 'https:' ? { ca: file('ca.crt') } : {}),
      };
      const call: ClientRequest = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, response => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 500 } = response;
          if (status < 300) resolve();
          else reject(new Error(`the Kubernetes API answers ${status} to a change of Secret ${name}`));
        });
      });
      call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      call.on('error', reject);
      call.end(payload);
    });
}
