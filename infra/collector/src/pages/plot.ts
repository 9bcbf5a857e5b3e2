/** A chart as SVG: lines over time, with gaps where nothing is known, and a legend that says the latest values. */
import type { Chart } from '../store/dashboards.ts';
import type { Colours } from './colours.ts';
import { significant, timeOfDay } from './format.ts';
import { type Html, html } from './html.ts';

const WIDTH = 640;
const HEIGHT = 200;
const LEFT = 46;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;
const ROWS = 4;
const TIMES = 5;
/** A rate is known only up to the last message, and those come every ten seconds or so. */
const RECENT_MS = 20_000;

export function plot({ title, hint, unit, lines }: Chart, moments: readonly number[], colours: Colours): Html {
  const top = ceiling(Math.max(0, ...lines.flatMap(({ values }) => values.filter(value => value !== null))));
  const stepMs = (moments[1] ?? 0) - (moments[0] ?? 0);
  const recent = Math.max(2, Math.ceil(RECENT_MS / Math.max(1, stepMs)));
  const x = (i: number) => LEFT + ((WIDTH - LEFT - RIGHT) * i) / Math.max(1, moments.length - 1);
  const y = (value: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top;
  const rows = Array.from({ length: ROWS + 1 }, (_, i) => (top * i) / ROWS);
  const times = Array.from({ length: TIMES }, (_, i) => Math.round(((moments.length - 1) * i) / (TIMES - 1)));
  return html`<section class="card"><h2>${title} <span class="dim">(${unit})</span></h2><p class="dim">${hint}</p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${lines.map(({ name }) => name).join(', ')}">
${rows.map(
  row => html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(row)}" y2="${y(row)}" stroke="#e4e9ef"/>
<text x="${LEFT - 6}" y="${y(row) + 4}" text-anchor="end">${significant(row)}</text>`,
)}${times.map(
  i =>
    html`<text x="${x(i)}" y="${HEIGHT - 6}" text-anchor="${i === 0 ? 'start' : i === moments.length - 1 ? 'end' : 'middle'}">${timeOfDay(moments[i] ?? 0)}</text>`,
)}${lines.map(
  (line, n) =>
    html`<path d="${pathOf(line.values, x, y)}" fill="none" stroke="${colours.ofLine(line.name, n)}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`,
)}</svg>
<ul class="legend">${
    lines.length === 0
      ? html`<li class="dim">nothing yet</li>`
      : lines.map(
          (line, n) =>
            html`<li><span class="swatch" style="background:${colours.ofLine(line.name, n)}"></span>${line.name}: ${latest(line.values, recent)}</li>`,
        )
  }</ul></section>`;
}

function pathOf(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  let path = '';
  let isDrawing = false;
  for (const [i, value] of values.entries()) {
    if (value !== null) path += `${isDrawing ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    // A value between two gaps is a dot.
    if (value !== null && !isDrawing && (values[i + 1] ?? null) === null) path += 'h0.1';
    isDrawing = value !== null;
  }
  return path;
}

/** The last of the newest values that is known. */
function latest(values: readonly (number | null)[], recent: number): string {
  const value = values.slice(-recent).findLast(each => each !== null);
  return value === undefined || value === null ? 'silent' : significant(value);
}

/** The next of 1, 2, 4, 8 times a power of ten, so that four rows have round names. */
function ceiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 8, 10].map(each => each * power).find(each => each >= value) ?? value;
}
