/** Writes the Compose files of the repository, and what the chart knows of them: `node infra/compose/src/main.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CHART_PARTS, chartParts } from './chart-parts.ts';
import { composeFiles, machineFiles } from './files.ts';

const root = new URL('../../../', import.meta.url);
const inCompose = Object.entries({ ...composeFiles(), ...machineFiles() }).map(
  ([name, text]) => [`compose/${name}`, text] as const,
);
for (const [path, text] of [...inCompose, [CHART_PARTS, chartParts()] as const]) {
  writeFileSync(new URL(path, root), text);
  process.stdout.write(`${fileURLToPath(new URL(path, root))}\n`);
}
