/**
 * The chart as Kubernetes would get it: rendered by `tools/chart-renderer`, which has Helm's template engine and functions
 * but is not Helm. It is built once, with Debian's Go and its libraries, without any network.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import type { Manifest } from './manifests.ts';

const run = promisify(execFile);
const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

export const CHART = path('charts/stormglass');
export const RELEASE = 'region-under-test';
export const NAMESPACE = 'stormglass';

export class ChartRenderer {
  readonly #folder: string;
  readonly #binary: string;
  #files = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#binary = join(folder, 'chart-renderer');
  }

  static async build(): Promise<ChartRenderer> {
    const renderer = new ChartRenderer(mkdtempSync(join(tmpdir(), 'stormglass-chart-')));
    const go = {
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOCACHE: join(renderer.#folder, 'cache'),
      GOFLAGS: '',
    };
    await run('go', ['build', '-o', renderer.#binary, path('tools/chart-renderer/main.go')], {
      env: { ...process.env, ...go },
    });
    return renderer;
  }

  /** With these values laid upon the chart's own. Rejects with what the template says is wrong with them. */
  async render(values: object): Promise<readonly Manifest[]> {
    const file = join(this.#folder, `values-${++this.#files}.yaml`);
    writeFileSync(file, stringify(values));
    const { stdout } = await run(this.#binary, [CHART, RELEASE, NAMESPACE, file], { maxBuffer: 16 * 1024 * 1024 });
    const documents = parseAllDocuments(stdout);
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error !== undefined) throw error;
    return documents.map(document => document.toJS() as Manifest | null).filter(manifest => manifest !== null);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
