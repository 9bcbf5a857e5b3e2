/**
 * Whether manifests are what the Kubernetes API takes, without a cluster: their values by the API's own schema (types,
 * required fields, formats), and their fields by its TypeScript types, which know what does not exist.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Manifest } from './manifests.ts';

interface Model {
  validate(): void;
}

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const moduleOf = ({ apiVersion, kind }: Manifest) => `kubernetes-models/${apiVersion}/${kind}`;
const describeManifest = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

/** What the schema says against manifests, one line each. */
export async function againstSchema(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const manifest of manifests) {
    const models = (await import(moduleOf(manifest))) as Readonly<Record<string, new (data: Manifest) => Model>>;
    try {
      new models[manifest.kind]!(manifest).validate();
    } catch (error) {
      findings.push(`${describeManifest(manifest)}: ${(error as Error).message}`);
    }
  }
  return findings;
}

const CONFIGURATION = {
  compilerOptions: { module: 'nodenext', strict: true, skipLibCheck: true, noEmit: true, types: [] },
  include: ['manifests.ts'],
};

/** What the compiler says against manifests, one line each. */
export async function againstTypes(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-manifests-'));
  try {
    const lines = manifests.map(
      (manifest, i) =>
        `export const manifest${i}: import('${moduleOf(manifest)}').I${manifest.kind} = ${JSON.stringify(manifest)};`,
    );
    symlinkSync(path('e2e/node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIGURATION));
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
    return await promisify(execFile)(path('node_modules/.bin/tsc'), ['--project', folder, '--pretty', 'false']).then(
      () => [],
      (error: Error & { readonly stdout?: string }) => (error.stdout || String(error)).trim().split('\n'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
