/** The dashboards as one page. */
import type { Dashboards } from '../store/dashboards.ts';
import { Colours } from './colours.ts';
import { Html, html } from './html.ts';
import { page } from './layout.ts';
import { plot } from './plot.ts';

export const WINDOWS_S: readonly number[] = [60, 300, 900, 3600];

export function metricsPage({ moments, charts }: Dashboards, windowS: number): string {
  const zones = charts.filter(({ id }) => ZONAL.has(id)).flatMap(({ lines }) => lines.map(({ name }) => name));
  const colours = new Colours(zones);
  const main = html`<h1>Metrics</h1><p class="dim">The last ${WINDOWS_S.map(
    seconds =>
      html`<a href="/metrics?window=${seconds}"${seconds === windowS ? new Html(' aria-current="true"') : undefined}>${
        seconds < 3600 ? `${seconds / 60} min` : '1 h'
      }</a> `,
  )} · times are UTC · a line that ends is a zone that fell silent</p>
<div class="charts">${charts.map(chart => plot(chart, moments, colours))}</div>`;
  return page({ title: 'Metrics', path: '/metrics', main, follows: true });
}

/** Charts whose lines are zones. */
const ZONAL: ReadonlySet<string> = new Set(['zones', 'log-state', 'log-applied', 'in-flight', 'refused']);
