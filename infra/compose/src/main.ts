/** Writes the Compose files of the repository: `node infra/compose/src/main.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeFiles, machineFiles } from './files.ts';

const folder = new URL('../../../compose/', import.meta.url);
for (const [name, text] of Object.entries({ ...composeFiles(), ...machineFiles() })) {
  writeFileSync(new URL(name, folder), text);
  process.stdout.write(`${fileURLToPath(new URL(name, folder))}\n`);
}
