/** Who may import whom: down the layers, through packages' doors, as declared, never in a circle. */
import { packageName, relativeTarget } from './imports.ts';
import { type Finding, isTestCode, type Package, packageOf, type Repository, type SourceFile } from './repository.ts';

/** The layers from the bottom; packages of one layer do not know each other (`docs/ARCHITECTURE.md`, Layers). */
const LAYERS: readonly (readonly RegExp[])[] = [
  [/^packages\/base$/],
  [/^packages\/(?:faults|aws-wire|hot-state|replicated-state|dns|pki|blob-store|items)$/],
  [/^packages\/(?:identity|hosted-zones|object-index|item-store|table-catalogue)$/],
  [/^packages\/contracts$/],
  [/^packages\/service-kit$/],
  [/^services\/[^/]+$/],
  [/^infra\/link$/],
  [/^infra\/(?!containers$|compose$)[^/]+$/],
  [/^infra\/containers$/],
  [/^infra\/compose$/],
  [/^packages\/(?:cli|test-region)$/],
  [/^(?:e2e|bench|tools|examples\/[^/]+)$/],
];

/** Beside the layers: what tests of every layer may use. */
const FOR_TESTS = /^packages\/testing$/;

const layerOf = (folder: string): number => LAYERS.findIndex(layer => layer.some(pattern => pattern.test(folder)));

/** Every package has its place, and imports only what is below it. */
export function importDirection(repository: Repository): Finding[] {
  const placeless = repository.packages
    .filter(({ folder }) => folder !== '' && layerOf(folder) < 0 && !FOR_TESTS.test(folder))
    .map(({ folder }) => ({ path: `${folder}/package.json`, line: 1, text: 'has no place among the layers' }));
  return [...placeless, ...eachImport(repository, wrongDirection)];
}

function wrongDirection({ file, own, target }: ImportContext): string | undefined {
  if (target === undefined || target === own || own.folder === '') return undefined;
  if (FOR_TESTS.test(target.folder)) return isTestCode(file.path) ? undefined : `${target.name} is for tests only`;
  if (FOR_TESTS.test(own.folder)) return layerOf(target.folder) <= 1 ? undefined : `reaches above ${LAYERS[1]}`;
  if (layerOf(target.folder) < layerOf(own.folder)) return undefined;
  const services = own.folder.startsWith('services/') && target.folder.startsWith('services/');
  return services
    ? `a service imports ${target.name}: services meet over the network, through contracts`
    : `imports ${target.name}, which is not below ${own.name}`;
}

/** Other packages are entered through their exports, never by path. */
export const importsThroughExports = (repository: Repository): Finding[] =>
  eachImport(repository, ({ own, target, specifier }) => {
    if (specifier.startsWith('.')) return target === own ? undefined : `enters ${target?.name} by path: ${specifier}`;
    if (target === undefined) return undefined;
    const door = `.${specifier.slice(target.name.length)}`;
    return door in target.exports ? undefined : `${target.name} does not export ${door}`;
  });

/** Production code runs on `dependencies` alone; types may come from the others, tests from both. */
export const importsAreDeclared = (repository: Repository): Finding[] =>
  eachImport(repository, ({ file, own, specifier, typeOnly }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
    const name = packageName(specifier);
    if (own.dependencies.includes(name)) return undefined;
    const root = repository.packages.find(({ folder }) => folder === '');
    const isDeclared = own.devDependencies.includes(name) || root?.devDependencies.includes(name);
    if (!isDeclared) return `${own.folder}/package.json does not declare ${name}`;
    return isTestCode(file.path) || typeOnly ? undefined : `${name} is a development dependency; use \`import type\``;
  });

/** A dependency nobody imports, or only tests do, is declared wrongly. */
export function declarationsAreUsed(repository: Repository): Finding[] {
  return repository.packages.flatMap(own => {
    if (own.folder === '') return [];
    const files = repository.sources.filter(({ path }) => packageOf(repository, path) === own);
    const used = (from: readonly SourceFile[]) =>
      new Set(from.flatMap(({ imports }) => imports.map(({ specifier }) => packageName(specifier))));
    // Programs that load packages by name keep the names in JSON.
    const data = repository.texts.filter(({ path }) => path.startsWith(`${own.folder}/`) && path.endsWith('.json'));
    const inData = own.devDependencies.filter(name =>
      data.some(({ path, text }) => !path.endsWith('package.json') && text.includes(`"${name}"`)),
    );
    const everywhere = new Set([...used(files), ...inData]);
    const inProduction = used(files.filter(({ path }) => !isTestCode(path)));
    const finding = (text: string): Finding => ({ path: `${own.folder}/package.json`, line: 1, text });
    const testsOnly = isTestCode(`${own.folder}/src/index.ts`);
    return [
      ...[...own.dependencies, ...own.devDependencies]
        .filter(name => !everywhere.has(name.replace(/^@types\//, '')))
        .map(name => finding(`declares ${name}, which no file imports`)),
      ...own.dependencies
        .filter(name => everywhere.has(name) && !inProduction.has(name) && !testsOnly)
        .map(name => finding(`declares ${name} as a dependency, and only tests import it`)),
    ];
  });
}

/** No file reaches itself through the files it runs; types may look both ways, as they are gone by then. */
export function fileCycles(repository: Repository): Finding[] {
  const graph = new Map(
    repository.sources.map(({ path, imports }) => [
      path,
      imports
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ specifier }) => relativeTarget(path, specifier))
        .filter(target => target !== undefined),
    ]),
  );
  return cyclesOf(graph).map(cycle => ({ path: cycle[0]!, line: 1, text: `imports itself: ${cycle.join(' -> ')}` }));
}

/** No package reaches itself through what it runs on. */
export function packageCycles(repository: Repository): Finding[] {
  const graph = new Map(repository.packages.map(({ name, dependencies }) => [name, dependencies]));
  return cyclesOf(graph).map(cycle => ({
    path: 'package.json',
    line: 1,
    text: `depends on itself: ${cycle.join(' -> ')}`,
  }));
}

interface ImportContext {
  readonly file: SourceFile;
  /** The package of the file. */
  readonly own: Package;
  /** The package of this workspace that is imported. */
  readonly target: Package | undefined;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Asks `judge` about every import; what it says is what is wrong. */
function eachImport(repository: Repository, judge: (context: ImportContext) => string | undefined): Finding[] {
  return repository.sources.flatMap(file =>
    file.imports.flatMap(({ specifier, line, typeOnly }) => {
      const own = packageOf(repository, file.path);
      if (own === undefined) return [];
      const path = relativeTarget(file.path, specifier);
      const name = packageName(specifier);
      const target =
        path === undefined ? repository.packages.find(each => each.name === name) : packageOf(repository, path);
      const text = judge({ file, own, target, specifier, typeOnly });
      return text === undefined ? [] : [{ path: file.path, line, text }];
    }),
  );
}

/** One cycle for every way back to a node that is still being visited. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (node: string) => {
    if (way.includes(node)) cycles.push([...way.slice(way.indexOf(node)), node]);
    if (way.includes(node) || done.has(node)) return;
    way.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    way.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}
