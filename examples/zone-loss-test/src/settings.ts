/** How the application calls AWS. */
import type { DirectorySettings } from './user-directory.ts';

export const settings: DirectorySettings = {
  // Without this line the application works every day but one: see the test.
  retries: 3,
};
