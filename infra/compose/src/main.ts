/**
 * Writes the Compose files of the repository, and what the chart knows of them: `node infra/compose/src/main.ts [FOLDER]`,
 * below FOLDER instead of the repository if there is one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHART_PARTS, chartParts } from './chart-parts.ts';
import { composeFiles, machineFiles } from './files.ts';

const [, , root = fileURLToPath(new URL('../../../', import.meta.url))] = process.argv;
const inCompose = Object.entries({ ...composeFiles(), ...machineFiles() }).map(
  ([name, text]) => [`compose/${name}`, text] as const,
);
for (const [path, text] of [...inCompose, [CHART_PARTS, chartParts()] as const]) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${file}\n`);
}
