/** One trace as a timeline: who did what below whom, in which zone, and when. */
import { type Attributes, type Span, zoneOf } from '../otlp/span.ts';
import type { Trace } from '../store/span-store.ts';
import { Colours } from './colours.ts';
import { dayAndTime, duration } from './format.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';
import { storyOf } from './story.ts';
import { lengthOf, rootOf, titleOf, zoneTag } from './trace-list.ts';
import { type Branch, treeOf } from './trace-tree.ts';

const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** A bar that ends beyond this has its duration on its left. */
const LABEL_LEFT_FROM = 0.82;

export function tracePage(trace: Trace): string {
  const colours = Colours.of(trace.spans);
  const took = Math.max(1, lengthOf(trace));
  const from = trace.spans[0]!.startUs;
  const main = html`<h1>${titleOf(trace)} <span class="dim">${duration(took)}</span></h1>
<p class="dim">Trace <code>${trace.id}</code>, ${trace.spans.length} spans, began ${dayAndTime(rootOf(trace).startUs)} UTC.
<a href="/api/traces/${trace.id}">JSON</a></p>
<div class="card"><h2>What happened</h2><ol class="story">${storyOf(trace).map(line => html`<li>${line}</li>`)}</ol></div>
<div class="card waterfall">
<p>${colours.zones.map(zone => zoneTag(zone, colours))}</p>
<div class="ticks"><span>Span; open one to see what it says</span><div>${TICKS.map(share => html`<span>${duration(share * took)}</span>`)}</div></div>
${treeOf(trace.spans).map(branch => row(branch, colours, from, took))}</div>`;
  return page({ title: titleOf(trace), path: '', main });
}

function row({ span, depth }: Branch, colours: Colours, from: number, took: number): Html {
  const zone = zoneOf(span);
  const left = (span.startUs - from) / took;
  const width = span.durationUs / took;
  const atEnd = left + width > LABEL_LEFT_FROM;
  const place = atEnd ? `right:${percent(1 - left)}` : `left:${percent(left + width)}`;
  return html`<details><summary><span class="what" style="padding-left:${depth * 1.1}rem">${
    zone === ''
      ? html`<span class="zone" style="background:${colours.ofZone('')}">${span.service}</span>`
      : zoneTag(zone, colours)
  }<b>${span.name}</b>${span.isError ? html`<span class="bad remark">✕ ${remark(span)}</span>` : html`<span class="dim remark">${remark(span)}</span>`}</span>
<span class="track"><span class="bar${span.isError ? ' error' : ''}" style="left:${percent(left)};width:${percent(width)};background:${colours.ofZone(zone)}"></span>
<span class="took" style="${place}">${duration(span.durationUs)}</span></span></summary>
<div>${span.message === undefined ? undefined : html`<p class="bad">${span.message}</p>`}${table({
    span: span.spanId,
    ...(span.parentId === undefined ? {} : { parent: span.parentId }),
    ...(span.traceState === undefined ? {} : { tracestate: span.traceState }),
    kind: span.kind,
    ...span.attributes,
    ...span.resource,
  })}</div></details>`;
}

/** The few words that tell spans of one name apart. */
function remark({ attributes: a }: Span): string {
  const attempt = a['aws.sdk.attempt'];
  const words = [
    a['http.response.status_code'],
    typeof attempt === 'number' && attempt > 1 ? `attempt ${attempt}` : undefined,
    a['error.type'],
    a['stormglass.read'] === 'local' ? 'read locally' : undefined,
    a['stormglass.log.position'] === undefined ? undefined : `#${a['stormglass.log.position']}`,
    Number(a['stormglass.log.attempts'] ?? 1) > 1 ? `proposed ${a['stormglass.log.attempts']} times` : undefined,
    a['stormglass.log.outcome'] === 'expired' ? 'expired' : undefined,
    a['stormglass.log.repeated'] === true ? 'a second copy' : undefined,
  ];
  return words.filter(word => word !== undefined && word !== '').join(' · ');
}

const table = (attributes: Attributes): Html =>
  html`<table><tbody>${Object.entries(attributes).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td class="mono">${String(value)}</td></tr>`,
  )}</tbody></table>`;

const percent = (share: number): string => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(3)}%`;
