/** `docs/benchmarks.md`: several programs measure, and each writes its own sections of the page. */
import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);

/** Sections that are not written with the page, but each by a program of its own. */
const SEPARATE = ['Links', 'Object store', 'Key-value store', 'Millions of items', 'Items when a zone is lost'];

/** Writes the page anew; separate sections stay at its end as they are. */
export function writePage(text: string): void {
  const kept = sections(readFileSync(PAGE, 'utf8')).filter(({ title }) => SEPARATE.includes(title));
  writeFileSync(PAGE, [text, ...kept.map(section => section.text)].join('\n'));
}

/** Writes one of the separate sections, in place of what it was or at the end. */
export function writeSection(title: string, text: string): void {
  const parts = sections(readFileSync(PAGE, 'utf8'));
  const section = { title, text: `## ${title}\n\n${text}\n` };
  const at = parts.findIndex(part => part.title === title);
  parts.splice(at < 0 ? parts.length : at, at < 0 ? 0 : 1, section);
  writeFileSync(
    PAGE,
    parts
      .map(part => part.text.trimEnd())
      .join('\n\n')
      .concat('\n'),
  );
}

function sections(page: string): { readonly title: string; readonly text: string }[] {
  return page.split(/^(?=## )/m).map(text => ({ title: /^## (.*)$/m.exec(text)?.[1] ?? '', text }));
}

/** Columns are padded, as the formatter would have them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map(cells => cells[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
