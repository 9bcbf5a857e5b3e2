/** A credential in a file of its own, which only its owner may read. */
import { existsSync, readFileSync } from 'node:fs';
import { writeWholeSync } from '@stormglass/base/whole-file';
import type { CredentialStore } from './renewal.ts';
import type { Credential } from './tls-identity.ts';

/** `beforeWrite` is asked before each write, and throws where it is to fail. */
export const credentialFile = (path: string, beforeWrite: () => void = () => {}): CredentialStore => ({
  load: () => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Credential) : undefined),
  save({ key, certificate, chain }) {
    beforeWrite();
    writeWholeSync(path, JSON.stringify({ key, certificate, chain }));
  },
});
