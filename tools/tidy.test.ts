/**
 * The rules of this repository, as a test. A failure names the file, the line and what is wrong there; the rule itself
 * stands in `tools/tidy/`. Exceptions are listed here, each with its reason.
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaFile, sourceFolder } from './extract-schemas.ts';
import { serviceCatalogue } from './service-catalogue.ts';
import { clockEntersByTheDoor, stateIsPure } from './tidy/determinism-rules.ts';
import * as imports from './tidy/import-rules.ts';
import { describeFinding, type Finding, readRepository } from './tidy/repository.ts';
import * as texts from './tidy/text-rules.ts';
import { exportsExist, operationsAreListed } from './tidy/workspace-rules.ts';

/** Parts of Node that could do I/O, where state is decided with what they compute. */
const STATE_MAY_IMPORT = {
  'packages/identity/src/ip-ranges.ts node:net': 'isIP looks at a text and opens nothing',
};

/** Files outside the doors that reach for time or chance themselves. */
const MAY_USE_THE_CLOCK = {
  'infra/region/src/line-file.ts': 'when lines reach the disk decides nothing; a process that ends flushes',
  'packages/cli/src/commands/lifecycle.ts': 'the command waits for another process, on the time of its user',
  'packages/cli/src/commands/scrub.ts': 'the command waits for other processes, on the time of its user',
  'packages/cli/src/commands/up.ts': 'the command tells its user how long the start took',
  'packages/replicated-state/src/engines/etcd/etcd-log.ts': 'default only: real servers are not simulated',
  'packages/replicated-state/src/engines/jetstream/jetstream-log.ts': 'default only: real servers are not simulated',
  'packages/service-kit/src/body-stream.ts': 'bounds a slow socket; simulations have no sockets',
  'packages/service-kit/src/otlp-telemetry.ts': 'bounds the last export of a process that ends',
  'packages/service-kit/src/request-body.ts': 'bounds a slow socket; simulations have no sockets',
  'packages/service-kit/src/send-response.ts': 'bounds a slow socket; simulations have no sockets',
  'packages/service-kit/src/tls-connections.ts': 'bounds a silent socket; simulations have no sockets',
  'packages/service-kit/src/telemetry-troubles.ts': 'default only: how often the log is told of a dead collector',
};

/** Files of more than 400 lines, with the reason. */
const MAY_BE_LONG: Record<string, string> = {};

const root = join(import.meta.dirname, '..');
const repository = readRepository(root);

const none = (findings: readonly Finding[]) => expect(findings.map(describeFinding)).toEqual([]);

describe('imports', () => {
  it('go down the layers, and never from service to service', () => none(imports.importDirection(repository)));
  it('enter other packages through their exports', () => none(imports.importsThroughExports(repository)));
  it('are declared, and production code needs no development dependency', () =>
    none(imports.importsAreDeclared(repository)));
  it('use what is declared', () => none(imports.declarationsAreUsed(repository)));
  it('make no circle of files', () => none(imports.fileCycles(repository)));
  it('make no circle of packages', () => none(imports.packageCycles(repository)));
});

describe('determinism', () => {
  it('code that decides state has no clock, no chance and no I/O', () =>
    none(stateIsPure(repository, STATE_MAY_IMPORT)));
  it('time and chance enter by the door', () => none(clockEntersByTheDoor(repository, MAY_USE_THE_CLOCK)));
});

describe('files', () => {
  it('have kebab-case names', () => none(texts.namesAreKebabCase(repository)));
  it('open with the reason why they exist', () => none(texts.sourcesHaveHeaders(repository)));
  it('are short', () => none(texts.filesAreShort(repository, MAY_BE_LONG)));
  it('say what their types are', () => none(texts.noAny(repository)));
  it('switch nothing off', () => none(texts.nothingIsSwitchedOff(repository)));
  it('leave nothing for later', () => none(texts.nothingIsLeftForLater(repository)));
  it('know no machine', () => none(texts.noMachinePaths(repository)));
  it('do not say where packages come from', () => none(texts.noRegistryHosts(repository)));
  it('stay on their subject', () => none(texts.staysOnItsSubject(repository)));
});

describe('packages and services', () => {
  it('export files that exist', () => none(exportsExist(repository, file => existsSync(join(root, String(file))))));

  it('have one file and one row for each operation', async () => {
    const tables = (await serviceCatalogue()).map(({ id, schema, operations }) => ({
      source: relative(root, sourceFolder(id)),
      schema: relative(root, schemaFile(id)),
      inSchema: Object.keys(schema.operations),
      inTable: operations.map(({ name }) => name),
    }));
    none(operationsAreListed(repository, tables));
  });
});
