/** The services of the workspace with their tables, for the documents and rules that are made from them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSchema } from '@stormglass/aws-wire';
import type { AnyOperation } from '@stormglass/service-kit';
import { readSchema, SERVICES, schemaFile, sourceFolder } from './extract-schemas.ts';

export interface CatalogueEntry {
  readonly id: string;
  readonly schema: ServiceSchema;
  /** Differences from AWS of the service as a whole. */
  readonly gaps: readonly string[];
  readonly operations: readonly Pick<AnyOperation<never>, 'name' | 'state' | 'gaps'>[];
}

const root = join(import.meta.dirname, '..');

/** Every AWS service, in the order of their names: those with a folder (ACME is none of AWS, and has no schema), and those within. */
export async function serviceCatalogue(): Promise<readonly CatalogueEntry[]> {
  const folders = readdirSync(join(root, 'services'), { withFileTypes: true }).filter(entry => entry.isDirectory());
  const names = new Set([...folders.map(({ name }) => name), ...Object.keys(SERVICES)]);
  const ids = [...names].filter(id => existsSync(schemaFile(id))).sort();
  return Promise.all(
    ids.map(async id => {
      const { GAPS: gaps, OPERATIONS: operations } = await import(join(sourceFolder(id), 'index.ts'));
      return { id, schema: readSchema(id), gaps, operations };
    }),
  );
}
