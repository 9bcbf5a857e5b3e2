/** The repository as its rules see it: packages, and files with their text. Read once; rules are pure functions of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path/posix';
import { type Import, importsOf } from './imports.ts';
import { mask } from './masked-source.ts';

export interface TextFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Source extends TextFile {
  readonly code: string;
  readonly uncommented: string;
}

export interface SourceFile extends Source {
  readonly imports: readonly Import[];
}

export interface Package {
  readonly name: string;
  /** Folder from the root of the repository. */
  readonly folder: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

export interface Repository {
  readonly packages: readonly Package[];
  /** TypeScript. */
  readonly sources: readonly SourceFile[];
  /** Everything people read and write, sources included. */
  readonly texts: readonly TextFile[];
}

/** What breaks a rule, and where. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export const describeFinding = ({ path, line, text }: Finding): string => `${path}:${line}: ${text}`;

const SKIPPED = new Set(['node_modules', 'results', 'coverage']);
const HIDDEN_KEPT = new Set(['.ci', '.github', '.gitignore', '.npmrc', '.gitattributes', '.dockerignore']);
const TEXT = new Set(['', '.ts', '.mjs', '.js', '.json', '.md', '.sh', '.yaml', '.yml', '.toml', '.txt', '.conf']);
const WRITTEN_BY_TOOLS = new Set(['pnpm-lock.yaml']);

export function readRepository(root: string): Repository {
  const texts = filesBelow(root, '')
    .filter(path => TEXT.has(extname(path)) && !WRITTEN_BY_TOOLS.has(path))
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const sources = texts.filter(({ path }) => path.endsWith('.ts')).map(asSource);
  const packages = texts.filter(({ path }) => /(?:^|\/)package\.json$/.test(path)).map(asPackage);
  return { packages, sources, texts };
}

export function asSource(file: TextFile): SourceFile {
  const source = { ...file, ...mask(file.text) };
  return { ...source, imports: importsOf(source) };
}

function asPackage({ path, text }: TextFile): Package {
  const { name = '', exports = {}, dependencies = {}, devDependencies = {} } = JSON.parse(text);
  const folder = path.slice(0, -'/package.json'.length);
  return {
    ...{ name, exports, folder: path === 'package.json' ? '' : folder },
    dependencies: Object.keys(dependencies),
    devDependencies: Object.keys(devDependencies),
  };
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (SKIPPED.has(entry.name) || (entry.name.startsWith('.') && !HIDDEN_KEPT.has(entry.name))) return [];
    // A checkout inside the checkout is somebody's experiment.
    if (entry.isDirectory()) return existsSync(join(root, path, '.git')) ? [] : filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** The package a file belongs to; the root's when it is in no other. */
export const packageOf = ({ packages }: Repository, path: string): Package | undefined =>
  packages.findLast(each => each.folder !== '' && path.startsWith(`${each.folder}/`)) ??
  packages.find(each => each.folder === '');

/** Code that only tests, benchmarks and development run: it may use development dependencies, and its own clock. */
export const isTestCode = (path: string): boolean =>
  /\.test\.ts$|\/(?:testing|contract|bench)\/|^(?:e2e|bench|tools|examples|packages\/test(?:ing|-region)|infra\/engines)\//.test(
    path,
  ) || !path.includes('/');
