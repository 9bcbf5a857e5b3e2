/** How tests are found and run: `npm test` runs the projects `test` and `sim`, `.ci/run` runs the others as well. */
import { defineConfig } from 'vitest/config';

// What stands in examples is a project of its own, which e2e runs.
const ELSEWHERE = ['**/node_modules/**', 'examples/**'];
const IN_CONTAINERS = 'e2e/src/compose/**';
const SUFFIXES = ['sim', 'e2e', 'alone'];

// The suffix says what a test needs (docs/ARCHITECTURE.md, Tests).
const project = (name: string, extra: { exclude?: string[]; [option: string]: unknown }) => ({
  test: { name, include: [`**/*.${name}.test.ts`], ...extra, exclude: [...ELSEWHERE, ...(extra.exclude ?? [])] },
});

// Deadlines are for tests that hang, not for slow machines: tests that wait say themselves how long.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('test', {
        include: ['**/*.test.ts'],
        exclude: SUFFIXES.map(suffix => `**/*.${suffix}.test.ts`),
        testTimeout: 120_000,
      }),
      project('sim', { testTimeout: 900_000 }),
      // Every file has a region of its own, and two of them share the machine.
      project('e2e', { exclude: [IN_CONTAINERS], testTimeout: 300_000, hookTimeout: 120_000 }),
      // These put theirs under load and break it, and let no call fail meanwhile.
      project('alone', { fileParallelism: false, testTimeout: 300_000, hookTimeout: 120_000 }),
      // These need a Docker Engine and the images of the region besides (infra/image).
      project('compose', {
        include: [`${IN_CONTAINERS}/*.e2e.test.ts`],
        fileParallelism: false,
        testTimeout: 600_000,
        hookTimeout: 300_000,
      }),
    ],
  },
});
