/**
 * The ACME service (RFC 8555): certificates for those who show that they control a name. Its state is on a replicated
 * log, so that an order begun in one zone is finished in another.
 */
import { errorStory } from '@stormglass/base';
import type { FastifyInstance } from 'fastify';
import type { AcmeOptions } from './deps.ts';
import { ensureNonceKey } from './nonce-key.ts';
import { mountAcme } from './plugin.ts';
import { AcmeWork } from './work.ts';

export interface AcmeService {
  /** Mounts the routes on a host. */
  readonly mount: (app: FastifyInstance) => void;
  close(): Promise<void>;
}

/** The replica is started and closed by whoever made it. */
export function startAcme(options: AcmeOptions): AcmeService {
  const { replica, clock, random, logger } = options;
  const stop = new AbortController();
  const keyed = ensureNonceKey({ replica, clock, random, signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) logger.error('no key for nonces', { error: errorStory(error) });
  });
  const work = new AcmeWork(options);
  return {
    mount: mountAcme({ ...options, work }),
    async close() {
      stop.abort();
      await Promise.all([keyed, work.close()]);
    },
  };
}
