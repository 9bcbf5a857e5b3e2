import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CHART_PARTS, chartParts } from './chart-parts.ts';

it('is what the chart has', () => {
  expect(readFileSync(new URL(`../../../${CHART_PARTS}`, import.meta.url), 'utf8')).toBe(chartParts());
});
