/**
 * Compiled code is kept beside the installed packages, so that every start but the first skips stripping types and
 * compiling. To be imported and called before anything else is; where the place cannot be written nothing is kept.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/stormglass', import.meta.url));

export const useCompileCache = (): void => void enableCompileCache(FOLDER);
