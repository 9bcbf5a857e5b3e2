/** The rules find what they are for: each is shown a small repository that breaks it. */
import { describe, expect, it } from 'vitest';
import { clockEntersByTheDoor, stateIsPure } from './determinism-rules.ts';
import * as imports from './import-rules.ts';
import { mask } from './masked-source.ts';
import { asSource, describeFinding, type Finding, type Package, type Repository } from './repository.ts';
import * as texts from './text-rules.ts';
import { exportsExist, operationsAreListed } from './workspace-rules.ts';

const pkg = (name: string, folder: string, dependencies: string[] = [], devDependencies: string[] = []): Package => ({
  ...{ name, folder, dependencies, devDependencies },
  exports: { '.': './src/index.ts' },
});

const PACKAGES = [
  pkg('workspace', '', [], ['vitest']),
  pkg('@s/base', 'packages/base'),
  pkg('@s/identity', 'packages/identity', ['@s/base'], ['fast-check']),
  pkg('@s/testing', 'packages/testing'),
  pkg('@s/iam', 'services/iam', ['@s/base', '@s/sts']),
  pkg('@s/sts', 'services/sts'),
];

function repository(files: Record<string, string>, packages: readonly Package[] = PACKAGES): Repository {
  const all = Object.entries(files).map(([path, text]) => ({ path, text }));
  return { packages, texts: all, sources: all.filter(({ path }) => path.endsWith('.ts')).map(asSource) };
}

const told = (findings: readonly Finding[]) => findings.map(describeFinding);

describe('a masked source', () => {
  it('keeps code and the places of everything, and blanks comments and literals', () => {
    const hole = (text: string) => `$\{${text}}`;
    const text = `const a = 'x // y'; // z\nconst b = /[/'](?:\`)/.test(a) ? \`p${hole("f({ q: 'r' })")}s\` : 4 / 2 / 1; /* t */ end`;
    const { code, uncommented } = mask(text);
    expect(code).toHaveLength(text.length);
    expect(code.replaceAll(/ +/g, ' ')).toBe(
      `const a = ; \nconst b = .test(a) ? \` ${hole('f({ q: })')} \` : 4 / 2 / 1; end`,
    );
    expect(uncommented).toContain("'x // y'");
    expect(uncommented).not.toContain('// z');
    expect(mask('return /a\'b/; const s = "\\""; x')).toMatchObject({
      code: expect.stringMatching(/^return +; const s = +; x$/),
    });
  });
});

describe('imports', () => {
  const findings = (rule: (repository: Repository) => Finding[], files: Record<string, string>, packages = PACKAGES) =>
    told(rule(repository(files, packages)));

  it('are read in every form, and only where they are code', () => {
    const source = asSource({
      path: 'a/b.ts',
      text: [
        "import { x,\n  type y } from 'p1';",
        "import type { T } from 'p2';",
        "import d, * as n from 'p3';",
        "export * from 'p4';",
        "import 'p5';",
        "type U = import('p6').U; type V = typeof import('p7');",
        "const m = await import('p8');",
        "// import 'no1'",
        "const s = `\nimport 'no2'\nimport { x } from 'no3'`;",
        "export default 'no4';",
        "export type { W } from 'p9';",
      ].join('\n'),
    });
    const shown = source.imports.map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`);
    expect(shown.sort()).toEqual(['p1', 'p2 type', 'p3', 'p4', 'p5', 'p6 type', 'p7 type', 'p8', 'p9 type']);
    expect(source.imports.find(({ specifier }) => specifier === 'p8')?.line).toBe(8);
  });

  it('go down', () => {
    expect(findings(imports.importDirection, { 'packages/base/src/a.ts': "\nimport '@s/identity';" })).toEqual([
      'packages/base/src/a.ts:2: imports @s/identity, which is not below @s/base',
    ]);
    expect(findings(imports.importDirection, { 'packages/identity/src/a.ts': "import '@s/base';" })).toEqual([]);
    expect(findings(imports.importDirection, { 'services/iam/src/a.ts': "import type { S } from '@s/sts';" })).toEqual([
      'services/iam/src/a.ts:1: a service imports @s/sts: services meet over the network, through contracts',
    ]);
    expect(findings(imports.importDirection, { 'services/iam/src/a.ts': "import '@s/testing';" })).toEqual([
      'services/iam/src/a.ts:1: @s/testing is for tests only',
    ]);
    expect(findings(imports.importDirection, {}, [pkg('@s/odd', 'odd')])).toEqual([
      'odd/package.json:1: has no place among the layers',
    ]);
  });

  it('enter by the exports', () => {
    const files = { 'packages/identity/src/a.ts': "import '../../base/src/b.ts';\nimport '@s/base/src/b.ts';" };
    expect(findings(imports.importsThroughExports, files)).toEqual([
      'packages/identity/src/a.ts:1: enters @s/base by path: ../../base/src/b.ts',
      'packages/identity/src/a.ts:2: @s/base does not export ./src/b.ts',
    ]);
  });

  it('are declared and used', () => {
    const path = 'packages/identity/src/a.ts';
    expect(findings(imports.importsAreDeclared, { [path]: "import 'left-pad';\nimport 'fast-check';" })).toEqual([
      `${path}:1: packages/identity/package.json does not declare left-pad`,
      `${path}:2: fast-check is a development dependency; use \`import type\``,
    ]);
    const test = { 'packages/identity/src/a.test.ts': "import 'fast-check';\nimport 'vitest';\nimport '@s/base';" };
    expect(findings(imports.importsAreDeclared, test)).toEqual([]);
    const identity = [PACKAGES[2]!];
    expect(findings(imports.declarationsAreUsed, test, identity)).toEqual([
      'packages/identity/package.json:1: declares @s/base as a dependency, and only tests import it',
    ]);
    expect(findings(imports.declarationsAreUsed, { [path]: "import '@s/base';" }, identity)).toEqual([
      'packages/identity/package.json:1: declares fast-check, which no file imports',
    ]);
  });

  it('make no circles', () => {
    const files = { 'packages/base/src/a.ts': "import './b.ts';", 'packages/base/src/b.ts': "export * from './a.ts';" };
    expect(findings(imports.fileCycles, files)).toHaveLength(1);
    expect(
      findings(imports.fileCycles, { ...files, 'packages/base/src/b.ts': "import type { A } from './a.ts';" }),
    ).toEqual([]);
    const circle = [pkg('a', 'packages/base', ['b']), pkg('b', 'packages/identity', ['a'])];
    expect(findings(imports.packageCycles, {}, circle)).toEqual(['package.json:1: depends on itself: a -> b -> a']);
  });
});

describe('determinism', () => {
  it('holds for what decides state and for what that runs', () => {
    const state = {
      'services/iam/src/state.ts': "import { now } from './time.ts';\nconst order = a.localeCompare(b);",
      'services/iam/src/time.ts':
        "import { readFileSync } from 'node:fs';\n// Date.now()\nexport const now = () => Date.now();",
      'services/iam/src/other.ts': 'setTimeout(f);',
    };
    expect(told(stateIsPure(repository(state), {}))).toEqual([
      'services/iam/src/state.ts:2: localeCompare in code that decides state',
      'services/iam/src/time.ts:3: Date.now in code that decides state',
      'services/iam/src/time.ts:1: node:fs in code that decides state',
    ]);
  });

  it('lets time in by the door, and knows when an exception is over', () => {
    const files = {
      'packages/base/src/clock.ts': 'Date.now();',
      'services/iam/src/main.ts': 'systemClock;',
      'services/iam/src/a.test.ts': 'performance.now();',
      'services/iam/src/a.ts': 'const at = new Date();\nnew Date(at);\n"Math.random"',
    };
    const clock = (allowed: Record<string, string>) => told(clockEntersByTheDoor(repository(files), allowed));
    expect(clock({})).toEqual([expect.stringMatching(/^services\/iam\/src\/a\.ts:1: new Date\(\) outside/)]);
    expect(clock({ 'services/iam/src/a.ts': 'why', 'services/iam/src/b.ts': 'why' })).toEqual([
      'services/iam/src/b.ts:1: is allowed to use the clock and does not: take it off the list',
    ]);
  });
});

describe('files', () => {
  const broken = (rule: (repository: Repository) => Finding[], text: string, path = 'packages/base/src/a.ts') =>
    told(rule(repository({ [path]: text }))).map(line => line.slice(path.length + 1));

  it('are named, headed and short', () => {
    expect(broken(texts.namesAreKebabCase, '', 'packages/base/src/aB.ts')).toHaveLength(1);
    expect(broken(texts.namesAreKebabCase, '', 'e2e/src/a-b.sim.test.ts')).toEqual([]);
    expect(broken(texts.sourcesHaveHeaders, 'export {};')).toHaveLength(1);
    expect(broken(texts.sourcesHaveHeaders, '/** Why. */')).toEqual([]);
    expect(broken(all => texts.filesAreShort(all, {}), '\n'.repeat(401))).toEqual([
      '401: has 401 lines, more than 400',
    ]);
  });

  it('switch nothing off', () => {
    expect(broken(texts.noAny, 'const a: any = b as any; // any')).toHaveLength(2);
    expect(broken(texts.noAny, "const any = 'any'; expect.any(Number)")).toEqual([]);
    expect(broken(texts.nothingIsSwitchedOff, `// @ts-${'ignore'}\nit.${'only'}('x', f)`)).toHaveLength(2);
    expect(broken(texts.nothingIsLeftForLater, `x; // TO${'DO'} later`)).toEqual([
      '1: TODO in a comment'.replace('TODO', `TO${'DO'}`),
    ]);
  });

  it('say nothing of machines and of who wrote them', () => {
    expect(broken(texts.noMachinePaths, `cd /${'home'}/me/x`)).toHaveLength(1);
    expect(broken(texts.noMachinePaths, 'GET /users/me; "<a>/work"; https://host/home/x')).toEqual([]);
    expect(broken(texts.noRegistryHosts, `npm i --from https://${'registry'}.example.com/x`)).toHaveLength(1);
    expect(broken(texts.noRegistryHosts, `${'registry'}=https://h`, '.npmrc')).toHaveLength(1);
    const robot = (words: string) => words === 'clever robot';
    const subject = (text: string) => broken(all => texts.staysOnItsSubject(all, robot), text);
    expect(subject('\na Clever robot')).toEqual(['2: "clever robot": not the subject here']);
    expect(subject('clever: robot')).toEqual([]);
  });
});

describe('workspace', () => {
  it('has no door that leads nowhere', () => {
    expect(told(exportsExist(repository({}, [pkg('a', 'packages/base')]), () => false))).toEqual([
      'packages/base/package.json:1: exports . as ./src/index.ts, which is not there',
    ]);
  });

  it('has a file and a row for each operation', () => {
    const operations = 'services/iam/src/operations';
    const files = {
      [`${operations}/create-user.ts`]: "operation({ name: 'CreateUser' })",
      [`${operations}/make-role.ts`]: "operation({ name: 'CreateRole' })",
      [`${operations}/delete-user.ts`]: "operation({ name: 'DeleteUser' })",
      [`${operations}/fly-away.ts`]: "operation({ name: 'FlyAway' })",
    };
    const inSchema = ['CreateUser', 'CreateRole', 'DeleteUser', 'GetUser'];
    const inTable = ['CreateUser', 'GetUser'];
    const place = { source: 'services/iam/src', schema: 'services/iam/schema.json' };
    expect(told(operationsAreListed(repository(files), [{ ...place, inSchema, inTable }]))).toEqual([
      `${operations}/make-role.ts:1: holds CreateRole, which belongs in create-role.ts`,
      `${operations}/delete-user.ts:1: DeleteUser is not in the table of ${operations}/index.ts`,
      `${operations}/fly-away.ts:1: FlyAway is no operation of services/iam/schema.json`,
      `${operations}/index.ts:1: GetUser has no file of its own`,
    ]);
  });
});
