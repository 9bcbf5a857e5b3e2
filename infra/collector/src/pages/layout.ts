/** What all pages have in common: their head, their navigation, their style, and the script that keeps them fresh. */
import type { Html } from './html.ts';
import { html, Html as Raw } from './html.ts';

export interface Page {
  readonly title: string;
  readonly path: '/' | '/map' | '/metrics' | '';
  readonly main: Html;
  /** Offers to load the page again every few seconds. */
  readonly follows?: boolean;
}

const PLACES = [
  ['/', 'Traces'],
  ['/map', 'Service map'],
  ['/metrics', 'Metrics'],
] as const;

export const page = ({ title, path, main, follows = false }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stormglass</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<span class="brand">Stormglass</span>
<nav aria-label="Pages">${PLACES.map(
    ([href, name]) => html`<a href="${href}"${path === href ? new Raw(' aria-current="page"') : undefined}>${name}</a>`,
  )}</nav>
${follows ? html`<label class="follow"><input type="checkbox" id="follow"> follow</label>` : undefined}
</header>
<main id="main">${main}</main>
</body>
</html>
`.text;

export const STYLE = `
:root { color-scheme: light; --ink: #1f2933; --dim: #52606d; --line: #d9e2ec; --ground: #f5f7fa; --bad: #b91c1c; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: var(--ink); background: var(--ground); }
header { display: flex; gap: 1.5rem; align-items: center; padding: .6rem 1.5rem; background: #102a43; color: #fff; }
header a { color: #d9e2ec; text-decoration: none; padding: .3rem .7rem; border-radius: 4px; }
header a[aria-current] { background: #334e68; color: #fff; }
.brand { font-weight: 700; letter-spacing: .03em; }
.follow { margin-left: auto; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .3rem; }
:focus-visible { outline: 3px solid #f59e0b; outline-offset: 1px; }
main { max-width: 1240px; margin: 0 auto; padding: 1.2rem 1.5rem 3rem; }
h1 { font-size: 1.35rem; margin: .2rem 0 .8rem; }
h2 { font-size: 1.02rem; margin: 0; }
p { margin: .2rem 0 .6rem; }
.dim { color: var(--dim); }
.bad { color: var(--bad); font-weight: 600; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: .9rem 1.1rem; margin-bottom: 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .32rem .6rem; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th { color: var(--dim); font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code, .mono { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; }
form label { display: flex; flex-direction: column; font-size: .82rem; color: var(--dim); }
input, select, button { font: inherit; padding: .3rem .5rem; border: 1px solid #9fb3c8; border-radius: 4px; background: #fff; height: 2.1rem; }
input[type=checkbox] { padding: 0; height: auto; }
button { background: #102a43; color: #fff; border-color: #102a43; cursor: pointer; }
.zone { display: inline-block; padding: 0 .45rem; border-radius: 3px; color: #fff; font-size: .8rem; white-space: nowrap; }
.story { margin: 0; padding-left: 1.2rem; }
.waterfall summary, .ticks { display: grid; grid-template-columns: minmax(20rem, 44%) 1fr; align-items: center; }
.waterfall summary { cursor: pointer; list-style: none; border-bottom: 1px solid #eef2f6; min-height: 1.95rem; }
.waterfall summary:hover { background: #f0f4f8; }
.what { display: flex; gap: .5rem; align-items: center; padding-right: .6rem; min-width: 0; }
.what b { font-weight: 600; white-space: nowrap; }
.what .remark { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.track { position: relative; height: 1.95rem; background: repeating-linear-gradient(to right, #e4e9ef 0 1px, transparent 1px 25%); }
.bar { position: absolute; top: .5rem; height: .95rem; min-width: 3px; border-radius: 2px; }
.bar.error { box-shadow: 0 0 0 2px #fff, 0 0 0 4px var(--bad); }
.took { position: absolute; top: .32rem; font-size: .82rem; white-space: nowrap; padding: 0 .4rem; font-variant-numeric: tabular-nums; }
.ticks { font-size: .78rem; color: var(--dim); }
.ticks div { display: flex; justify-content: space-between; }
.waterfall details > div { padding: .4rem 0 .8rem 2rem; background: #f8fafc; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(34rem, 1fr)); gap: 1rem; }
.charts .card { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .3rem 0 0; padding: 0; list-style: none; font-size: .84rem; }
.swatch { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--dim); }
svg .name { fill: #fff; font-weight: 600; font-size: 14px; }
svg .sub { fill: #fff; font-size: 12px; }
`;

/** Keeps "follow" over reloads, and swaps the content every few seconds while nobody is using it. */
export const SCRIPT = `
const box = document.getElementById('follow');
if (box) {
  box.checked = localStorage.getItem('follow') === 'yes';
  box.addEventListener('change', () => localStorage.setItem('follow', box.checked ? 'yes' : 'no'));
  setInterval(async () => {
    const main = document.getElementById('main');
    if (!box.checked || document.hidden || main.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href);
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
      if (answer.ok && fresh) main.replaceChildren(...fresh.childNodes);
    } catch {}
  }, 3000);
}
`;
