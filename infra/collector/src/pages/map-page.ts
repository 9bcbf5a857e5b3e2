/** The service map: which part of which zone called which, how often, and how often in vain. */
import type { Edge } from '../store/service-map.ts';
import { Colours } from './colours.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';
import { type MapLayout, mapLayout, type Place } from './map-layout.ts';

const BOX = { width: 150, height: 50 };
const GAP = { x: 130, y: 46 };
const MARGIN = { left: 10, top: 20, right: 110, bottom: 20 };
const ROWS_MAX = 200;

export function mapPage(edges: readonly Edge[], zones: readonly string[]): string {
  const colours = new Colours(zones);
  const main = html`<h1>Service map</h1>
<p class="dim">Parts of zones, and calls between them, in the traces that are kept. An arrow is as wide as it is busy; red ones had errors.</p>
<div class="card">${edges.length === 0 ? html`<p>Nothing has been traced yet.</p>` : drawing(edges, colours)}</div>
<div class="card"><table><thead><tr><th>From</th><th>To</th><th class="number">Calls</th><th class="number">Errors</th></tr></thead>
<tbody>${edges
    .toSorted((a, b) => b.callCount - a.callCount)
    .slice(0, ROWS_MAX)
    .map(
      ({ parent, child, callCount, errorCount }) =>
        html`<tr><td>${parent}</td><td>${child}</td><td class="number">${callCount}</td><td class="number">${errorCount === 0 ? '' : errorCount}</td></tr>`,
    )}</tbody></table></div>`;
  return page({ title: 'Service map', path: '/map', main, follows: true });
}

function drawing(edges: readonly Edge[], colours: Colours): Html {
  const layout = mapLayout(edges);
  const width = MARGIN.left + layout.columns * (BOX.width + GAP.x) - GAP.x + MARGIN.right;
  const height = MARGIN.top + layout.rows * (BOX.height + GAP.y) - GAP.y + MARGIN.bottom;
  const busiest = Math.max(...edges.map(({ callCount }) => callCount));
  return html`<svg viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-label="The service map; the table below says the same">
<defs>${['#829ab1', '#b91c1c'].map(
    (colour, i) =>
      html`<marker id="tip${i}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`,
  )}</defs>
${edges.map(edge => arrow(edge, layout, busiest))}${[...layout.places].map(([name, place]) => box(name, place, layout, colours))}</svg>`;
}

/** The corner of a box; short columns stand in the middle. */
function corner({ column, row }: Place, { places, rows }: MapLayout): { x: number; y: number } {
  const inColumn = [...places.values()].filter(each => each.column === column).length;
  const shift = ((rows - inColumn) * (BOX.height + GAP.y)) / 2;
  return {
    x: MARGIN.left + column * (BOX.width + GAP.x),
    y: MARGIN.top + shift + row * (BOX.height + GAP.y),
  };
}

function box(name: string, place: Place, layout: MapLayout, colours: Colours): Html {
  const { x, y } = corner(place, layout);
  const [part = '', zone = ''] = name.split(' ');
  return html`<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${colours.ofZone(zone)}"/>
<text class="name" x="${x + 12}" y="${y + 22}">${part}</text><text class="sub" x="${x + 12}" y="${y + 39}">${zone}</text>`;
}

function arrow({ parent, child, callCount, errorCount }: Edge, layout: MapLayout, busiest: number): Html {
  const from = corner(layout.places.get(parent)!, layout);
  const to = corner(layout.places.get(child)!, layout);
  const isAcross = to.x > from.x;
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
  // Within a column, and back, arrows go around on the right; those down and those up use different sides of a box.
  const isDown = to.y > from.y;
  const drop = isDown ? 8 : -8;
  const end = isAcross
    ? { x: to.x, y: to.y + BOX.height / 2 }
    : { x: to.x + BOX.width, y: to.y + BOX.height / 2 - drop };
  const bend = isAcross ? GAP.x / 2 : (isDown ? 16 : 44) + Math.abs(to.y - from.y) / 4;
  const first = { x: start.x + bend, y: start.y + (isAcross ? 0 : drop) };
  const second = { x: isAcross ? end.x - bend : end.x + bend, y: end.y };
  // Around a column there is no room for numbers; the table has them.
  const label = pointAt(0.28, start, first, second, end);
  const wide = 1 + 4 * (Math.log1p(callCount) / Math.log1p(busiest));
  const isBad = errorCount > 0;
  return html`<path d="M${start.x} ${start.y + (isAcross ? 0 : drop)}C${first.x} ${first.y} ${second.x} ${second.y} ${end.x} ${end.y}" fill="none" stroke="${
    isBad ? '#b91c1c' : '#829ab1'
  }" stroke-width="${wide.toFixed(1)}" stroke-opacity=".75" marker-end="url(#tip${isBad ? 1 : 0})"><title>${parent} to ${child}: ${callCount}</title></path>
${isAcross ? html`<text x="${label.x}" y="${label.y - 5}" text-anchor="middle">${callCount}</text>` : undefined}`;
}

interface At {
  readonly x: number;
  readonly y: number;
}

/** A point of a cubic Bézier curve. */
function pointAt(t: number, a: At, b: At, c: At, d: At): At {
  const u = 1 - t;
  const mix = (axis: 'x' | 'y') =>
    u ** 3 * a[axis] + 3 * u ** 2 * t * b[axis] + 3 * u * t ** 2 * c[axis] + t ** 3 * d[axis];
  return { x: Math.round(mix('x')), y: Math.round(mix('y')) };
}
