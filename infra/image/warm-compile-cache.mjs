// Compiles, while the image is built, what its containers will run, so that none of them has to strip types and compile
// when it starts: imports every module of the workspace but programs and workers themselves, which would begin to work.
import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { useCompileCache } from '../../packages/base/src/compile-cache.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

useCompileCache();

const modules = ['packages', 'services', 'infra']
  .flatMap(folder =>
    readdirSync(join(root, folder), { withFileTypes: true }).map(({ name }) => join(root, folder, name, 'src')),
  )
  .flatMap(sourcesBelow)
  .sort();
for (const module of modules) await import(pathToFileURL(module).href);
flushCompileCache();
console.log(`${modules.length} modules compiled`);
process.exit(0);

function sourcesBelow(folder) {
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  }
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !/^main\.ts$|-worker\.ts$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
}
