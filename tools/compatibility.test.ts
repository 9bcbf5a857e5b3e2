import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMPATIBILITY_FILE, compatibilityDocument } from './compatibility.ts';
import { serviceCatalogue } from './service-catalogue.ts';

describe('docs/compatibility.md', () => {
  it('says what the tables say', async () => {
    const current = compatibilityDocument(await serviceCatalogue());
    expect(readFileSync(COMPATIBILITY_FILE, 'utf8'), 'run: node tools/compatibility.ts').toBe(current);
  });

  it('shows operations with their differences, and what is not implemented', () => {
    const document = compatibilityDocument([
      {
        id: 'sts',
        schema: { apiVersion: '2011', protocols: ['query'], notImplemented: ['B', 'A'] } as never,
        gaps: ['No walls.'],
        operations: [
          { name: 'Z', state: 'write', gaps: ['One | two.', 'Three.'] },
          { name: 'Y', state: 'local-read' },
        ],
      },
    ]);
    expect(document).toContain('2 of 4 operations');
    expect(document).toContain('- No walls.');
    expect(document).toContain('| Y | local read |  |\n| Z | write | One \\| two. Three. |');
    expect(document).toContain('`A`, `B`');
  });
});
