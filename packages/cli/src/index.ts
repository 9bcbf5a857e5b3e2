/** The `stormglass` command; `main.ts` runs it. */
export { readCommandLine } from './settings.ts';
