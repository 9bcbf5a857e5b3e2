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
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import type { Manifest } from './manifests.ts';

/** Checks itself; throws what is wrong. */
type Model = new (data: never) => { validate(): void };

/** What the chart uses of the API. */
const MODELS: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['apps/v1/Deployment', Deployment],
  ['apps/v1/StatefulSet', StatefulSet],
  ['networking.k8s.io/v1/NetworkPolicy', NetworkPolicy],
  ['policy/v1/PodDisruptionBudget', PodDisruptionBudget],
  ['rbac.authorization.k8s.io/v1/Role', Role],
  ['rbac.authorization.k8s.io/v1/RoleBinding', RoleBinding],
  ['v1/Secret', Secret],
  ['v1/Service', Service],
  ['v1/ServiceAccount', ServiceAccount],
]);

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const sortOf = ({ apiVersion, kind }: Manifest) => `${apiVersion}/${kind}`;

/** What the schema says against manifests, one line each. */
export function againstSchema(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap(manifest => {
    const Model = MODELS.get(sortOf(manifest));
    const name = `${manifest.kind} ${manifest.metadata.name}`;
    if (Model === undefined) return [`${name}: ${sortOf(manifest)} is not known`];
    try {
      new Model(manifest as never).validate();
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
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
        `export const manifest${i}: import('kubernetes-models/${sortOf(manifest)}').I${manifest.kind} = ${JSON.stringify(manifest)};`,
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
