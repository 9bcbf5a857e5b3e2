/**
 * Makes the pictures of `docs/tour.md` again: `node tools/tour-screenshots.ts`. Starts a collector and a region on free
 * ports, plays the stories of the tour, and photographs the collector's pages in a real browser: Chromium as Debian
 * packages it, or what `CHROMIUM` names. Takes about a minute.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateRoleCommand, CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { sleep, systemClock, systemRandom } from '@stormglass/base';
import { ApplicationSpan, type Collector, type JaegerTrace, startCollector } from '@stormglass/collector';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { type Browser, chromium, type Page } from 'playwright-core';

const PICTURES = join(import.meta.dirname, '..', 'docs', 'tour');
const WIDTH = 1280;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Calls under way all the time, so that the dashboards have something to show. */
class Load {
  readonly #callers: Promise<void>[];
  #isOver = false;

  constructor(clientOf: () => IAMClient, prefix: string, callers: number, pauseMs: number) {
    this.#callers = Array.from({ length: callers }, (_, i) => this.#call(clientOf, `${prefix}-${i}`, pauseMs));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  async #call(clientOf: () => IAMClient, name: string, pauseMs: number): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      const UserName = `${name}-${n}`;
      const client = clientOf();
      await client.send(new CreateUserCommand({ UserName })).catch(() => {});
      await client.send(new GetUserCommand({ UserName })).catch(() => {});
      await sleep(systemClock, pauseMs);
    }
  }
}

class Tour {
  readonly #collector: Collector;
  readonly #region: TestRegion;
  readonly #page: Page;

  constructor(collector: Collector, region: TestRegion, page: Page) {
    this.#collector = collector;
    this.#region = region;
    this.#page = page;
  }

  /** A role is made, and assumed at once: every hop, all zones. */
  async call(): Promise<void> {
    const app = new ApplicationSpan('take on a role', systemClock, systemRandom);
    const iam = traced(this.#iam(), app.traceparent);
    const sts = traced(new STSClient(this.#settings(3)), app.traceparent);
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    await sts.send(new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'tour' }));
    await app.end(this.#collector.otlpEndpoint);
    await this.#photograph(`trace/${app.traceId}`, 'call', trace => spansIn(trace) === 12);
  }

  /** A zone is far away: the commit does not wait for it. */
  async slowZone(): Promise<void> {
    const fault = await this.#region.zone('use1-az3').fault({ fault: 'latency', settings: { latencyMs: 60 } });
    const id = await this.#write('far-away', 3, this.#region.zone('use1-az1').endpoint);
    await fault.clear();
    await this.#photograph(`trace/${id}`, 'slow-zone', trace => applied(trace) === 3);
  }

  /** A zone loses its power; what was written meanwhile reaches it when it is back. */
  async zoneLoss(): Promise<void> {
    const zone = this.#region.zone('use1-az2');
    await zone.fail();
    const id = await this.#write('meanwhile', 5);
    await sleep(systemClock, 3000);
    await zone.heal();
    await this.#region.waitReady();
    await this.#photograph(`trace/${id}`, 'zone-loss', trace => applied(trace) === 3);
  }

  /** Two zones are gone: the log has no quorum, and every writer tries again. */
  async retryStorm(): Promise<void> {
    const lost = ['use1-az2', 'use1-az3'].map(id => this.#region.zone(id));
    for (const zone of lost) await zone.fail();
    await sleep(systemClock, 1500);
    // Each call has a client of its own: one that is shared soon stops trying again, its retry quota spent.
    const storm = new Load(() => this.#iam(4), 'storm', 8, 20);
    await sleep(systemClock, 8000);
    const id = await this.#write('stormy', 4);
    for (const zone of lost) await zone.heal();
    await this.#region.waitReady();
    await storm.end();
    await this.#photograph(`trace/${id}`, 'retry-storm', trace => spansIn(trace) >= 4);
    await sleep(systemClock, 6000);
  }

  async overview(): Promise<void> {
    await this.#shoot('metrics?window=60', 'metrics');
    await this.#shoot('map', 'map');
    await this.#shoot('?operation=iam.CreateUser&tag=error:true', 'traces', 620);
  }

  /** Writes without a trace of its own, and returns the id of the trace: that of the invocation. */
  async #write(user: string, attempts: number, endpoint = this.#region.endpoint): Promise<string> {
    const client = new IAMClient({ ...this.#settings(attempts), endpoint });
    let id = '';
    client.middlewareStack.add(
      next => args => {
        const { headers } = args.request as { headers: Record<string, string> };
        id = headers['amz-sdk-invocation-id']!.replaceAll('-', '');
        return next(args);
      },
      { step: 'finalizeRequest', name: 'invocation' },
    );
    await client.send(new CreateUserCommand({ UserName: user })).catch(() => {});
    return id;
  }

  #iam(attempts = 3): IAMClient {
    return new IAMClient(this.#settings(attempts));
  }

  #settings(maxAttempts: number) {
    const { endpoint, name, credentials } = this.#region;
    return { endpoint, region: name, credentials, maxAttempts };
  }

  async #photograph(path: string, picture: string, isComplete: (trace: JaegerTrace) => boolean): Promise<void> {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${this.#collector.queryEndpoint}/api/${path.replace('trace/', 'traces/')}`);
      const { data } = (await answer.json()) as { data: readonly JaegerTrace[] | null };
      if (data?.[0] !== undefined && isComplete(data[0])) return this.#shoot(path, picture);
      if (tries === 100) throw new Error(`${picture}: the trace did not become complete`);
      await sleep(systemClock, 100);
    }
  }

  async #shoot(path: string, picture: string, height?: number): Promise<void> {
    await this.#page.goto(`${this.#collector.queryEndpoint}/${path}`);
    const file = join(PICTURES, `${picture}.png`);
    await this.#page.screenshot(
      height === undefined
        ? { path: file, fullPage: true }
        : { path: file, clip: { x: 0, y: 0, width: WIDTH, height } },
    );
    process.stdout.write(`${file}\n`);
  }
}

const applied = ({ spans }: JaegerTrace) => spans.filter(span => span.operationName === 'log.apply').length;
const spansIn = ({ spans }: JaegerTrace) => spans.length;

function traced<C extends IAMClient | STSClient>(client: C, traceparent: string): C {
  (client as IAMClient).middlewareStack.add(
    next => args => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { traceparent });
      return next(args);
    },
    { step: 'build', name: 'traceparent' },
  );
  return client;
}

async function openPage(): Promise<{ browser: Browser; page: Page }> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ARGS });
  return { browser, page: await browser.newPage({ viewport: { width: WIDTH, height: 720 } }) };
}

await mkdir(PICTURES, { recursive: true });
const collector = await startCollector({ clock: systemClock, otlpPort: 0, queryPort: 0 });
Object.assign(process.env, {
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpEndpoint,
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
});
const region = await startRegion();
const { browser, page } = await openPage();
try {
  const tour = new Tour(collector, region, page);
  const { endpoint, name, credentials } = region;
  const client = new IAMClient({ endpoint, region: name, credentials, maxAttempts: 3 });
  const load = new Load(() => client, 'load', 4, 60);
  await sleep(systemClock, 8000);
  await tour.call();
  await tour.slowZone();
  await tour.zoneLoss();
  await sleep(systemClock, 6000);
  await tour.retryStorm();
  await tour.overview();
  await load.end();
} finally {
  await browser.close();
  await region.stop();
  await collector.close();
}
