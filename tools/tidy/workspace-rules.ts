/** What packages and services consist of: exports that exist, operations that the schema knows and the table holds. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { lineAt } from './imports.ts';
import type { Finding, Repository } from './repository.ts';

/** A package's exports are files, and nobody's door leads nowhere. */
export const exportsExist = ({ packages }: Repository, exists = existsSync): Finding[] =>
  packages.flatMap(({ folder, exports }) =>
    Object.entries(exports)
      .filter(([, file]) => !exists(join(folder, file)))
      .map(([door, file]) => ({
        path: join(folder, 'package.json'),
        line: 1,
        text: `exports ${door} as ${file}, which is not there`,
      })),
  );

/** One service's operations, as its schema and its table have them. */
export interface ServiceTables {
  /** The folder that has `operations`. */
  readonly source: string;
  readonly schema: string;
  readonly inSchema: readonly string[];
  readonly inTable: readonly string[];
}

/**
 * One operation, one file, one row: the file has the operation's name, and defines what the table holds. A service with
 * many has folders for them, where what several of them share may stand beside.
 */
export function operationsAreListed({ sources }: Repository, services: readonly ServiceTables[]): Finding[] {
  return services.flatMap(({ source, schema, inSchema, inTable }) => {
    const operations = `${source}/operations`;
    const ownNames = new Set(inSchema.map(name => `${kebabCase(name)}.ts`));
    const files = sources.filter(({ path }) => {
      if (!path.startsWith(`${operations}/`) || path.endsWith('.test.ts') || basename(path) === 'index.ts')
        return false;
      return dirname(path) === operations || ownNames.has(basename(path));
    });
    const defined = files.map(({ path, uncommented }) => {
      const match = /\bname: '(\w+)'/.exec(uncommented);
      return { path, name: match?.[1], line: match === null ? 1 : lineAt(uncommented, match.index) };
    });
    const complaint = (path: string, name: string | undefined): string | undefined => {
      if (name === undefined) return 'names no operation';
      if (`${kebabCase(name)}.ts` !== basename(path)) return `holds ${name}, which belongs in ${kebabCase(name)}.ts`;
      if (!inSchema.includes(name)) return `${name} is no operation of ${schema}`;
      return inTable.includes(name) ? undefined : `${name} is not in the table of ${operations}/index.ts`;
    };
    const fromFiles = defined.flatMap(({ path, name, line }) => {
      const text = complaint(path, name);
      return text === undefined ? [] : [{ path, line, text }];
    });
    const fileless = inTable
      .filter(name => !defined.some(each => each.name === name))
      .map(name => ({ path: `${operations}/index.ts`, line: 1, text: `${name} has no file of its own` }));
    return [...fromFiles, ...fileless];
  });
}

/** `CreateRole` is in `create-role.ts`. */
export const kebabCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
