/**
 * Writes `services/<name>/schema.json`, or where `services.json` says, for the services in `tools/services.json`.
 *
 *   node tools/extract-schemas.ts [--botocore <folder of botocore's data>] [service ...]
 *
 * Which operations a service implements is said by its files below `src/operations`; services whose files are not
 * written yet have a list in `services.json`. Without `--botocore` the constraints already in the file are kept.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { ProtocolName, ServiceSchema } from '@stormglass/aws-wire';
import {
  type BotocoreModel,
  extractConstraints,
  extractFromBotocore,
  extractService,
} from '@stormglass/aws-wire/extract';
import services from './services.json' with { type: 'json' };

/** One service in `services.json`. */
export interface ServiceEntry {
  /** The SDK client package to read; absent when it holds no schemas, and botocore's model is all there is. */
  client?: string;
  /** Namespace of the service's shapes; needed without `client`. */
  namespace?: string;
  /** Folder of the model below botocore's data folder, for example `iam/2010-05-08`. */
  botocore: string;
  /** Below `services`, for a second service of a package: the folder of its sources, with its schema among them. */
  source?: string;
  /** Operations to extract even when no file implements them yet. */
  operations?: string[];
  /** Members that the service itself says what is wrong with, by their structures: their constraints are left out. */
  unconstrained?: Readonly<Record<string, readonly string[]>>;
  /** Structures whose values pass as JSON, neither read nor checked by the wire layer. */
  raw?: readonly string[];
  /** Protocols beyond the one of the SDK client. */
  alsoSpeaks?: ProtocolName[];
}

export const SERVICES: Readonly<Record<string, ServiceEntry>> = services;

const root = join(import.meta.dirname, '..');
/** The folder that has the service's `index.ts` and `operations`. */
export const sourceFolder = (id: string): string => join(root, 'services', SERVICES[id]?.source ?? join(id, 'src'));

export const schemaFile = (id: string): string =>
  join(SERVICES[id]?.source === undefined ? join(root, 'services', id) : sourceFolder(id), 'schema.json');

const kebabCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** Names of all operations of a client package. */
const operationNames = (client: object): string[] =>
  Object.keys(client)
    .filter(key => key.endsWith('Command') && `${key.slice(0, -'Command'.length)}$` in client)
    .map(key => key.slice(0, -'Command'.length));

/** The operations with a file in the service's `operations` folder, and those listed in `services.json`. */
export function implementedOperations(id: string, all: readonly string[]): string[] {
  const folder = join(sourceFolder(id), 'operations');
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const files = new Set(entries.map(path => basename(path)));
  const listed = SERVICES[id]?.operations ?? [];
  return all.filter(name => files.has(`${kebabCase(name)}.ts`) || listed.includes(name));
}

/** Extracts one service; `botocoreData` is the folder `data` of an installed botocore. */
export async function extract(id: string, botocoreData: string | undefined): Promise<ServiceSchema> {
  const entry = SERVICES[id];
  if (entry === undefined) throw new Error(`tools/services.json has no service ${id}`);
  const model = botocoreData === undefined ? undefined : readModel(join(botocoreData, entry.botocore));
  const schema = await extractFrom(id, entry, model);
  if (model !== undefined) return { ...schema, constraints: lifted(extractConstraints(schema, model), entry) };
  const existing = existsSync(schemaFile(id)) ? Object.entries(readSchema(id).constraints) : [];
  const kept = Object.fromEntries(existing.filter(([name]) => name in schema.structures));
  return { ...schema, constraints: lifted(kept, entry) };
}

/** Without those of members that are to have none. */
function lifted(
  constraints: ServiceSchema['constraints'],
  { unconstrained = {} }: ServiceEntry,
): ServiceSchema['constraints'] {
  const left = Object.entries(constraints).map(([structure, members]) => {
    const kept = Object.entries(members).filter(([member]) => !unconstrained[structure]?.includes(member));
    return [structure, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(left.filter(([, members]) => Object.keys(members).length > 0));
}

/** References to the named structures become documents, and the structures go. */
function withRaw(schema: ServiceSchema, raw: readonly string[]): ServiceSchema {
  const text = JSON.stringify(schema, (key, value) => {
    if (key === 'structures') return Object.fromEntries(Object.entries(value).filter(([name]) => !raw.includes(name)));
    return value?.type === 'structure' && raw.includes(value.name) ? { type: 'document' } : value;
  });
  return JSON.parse(text) as ServiceSchema;
}

async function extractFrom(id: string, entry: ServiceEntry, model: BotocoreModel | undefined): Promise<ServiceSchema> {
  const { client: name, namespace = '', raw = [], alsoSpeaks } = entry;
  if (name !== undefined) {
    const client: object = await import(name);
    const operations = implementedOperations(id, operationNames(client));
    const read = extractService(client as Record<string, unknown>, {
      id,
      operations,
      ...(alsoSpeaks && { alsoSpeaks }),
    });
    return withRaw(read, raw);
  }
  if (model === undefined) return readSchema(id);
  const operations = implementedOperations(id, Object.keys(model.operations));
  return extractFromBotocore(model, { id, operations, namespace });
}

const readModel = (folder: string): BotocoreModel =>
  JSON.parse(gunzipSync(readFileSync(join(folder, 'service-2.json.gz'))).toString()) as BotocoreModel;

export const readSchema = (id: string): ServiceSchema =>
  JSON.parse(readFileSync(schemaFile(id), 'utf8')) as ServiceSchema;

// One structure, operation or error a line: a changed model shows up in a review as the lines that changed.
/** The text of a schema file. */
export function formatSchema(schema: ServiceSchema): string {
  const lines = Object.entries(schema).map(([key, value]) => {
    const isTable = typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
    if (!isTable) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const rows = Object.entries(value).map(([name, row]) => `    ${JSON.stringify(name)}: ${JSON.stringify(row)}`);
    return `  ${JSON.stringify(key)}: {\n${rows.join(',\n')}\n  }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { botocore: { type: 'string' } } });
  for (const id of positionals.length > 0 ? positionals : Object.keys(SERVICES)) {
    const schema = await extract(id, values.botocore);
    writeFileSync(schemaFile(id), formatSchema(schema));
    process.stdout.write(`${id}: ${Object.keys(schema.operations).length} operations\n`);
  }
  if (values.botocore === undefined) {
    process.stdout.write(
      'Constraints are those of before: inputs of new operations get theirs only with --botocore.\n',
    );
  }
}
