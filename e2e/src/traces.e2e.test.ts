import { CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { systemClock, systemRandom } from '@stormglass/base';
import {
  ApplicationSpan,
  type Collector,
  type Dashboards,
  type JaegerTrace,
  startCollector,
} from '@stormglass/collector';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { accountCredentials } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';
import { traced } from './traces/traced-client.ts';
import { dashboardsOf, hopsOf, tagsOf, traceOf, zonesOf } from './traces/traces.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const ACCOUNT = '100000000001';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const WINDOW_S = 60;

let collector: Collector;
let region: RegionUnderTest;
let endpoint: string;
const environment = { ...process.env };

beforeAll(async () => {
  collector = await startCollector({ clock: systemClock, otlpPort: 0, queryPort: 0 });
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpEndpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
  });
  region = await RegionUnderTest.start();
  endpoint = await region.endpoint();
});
afterAll(async () => {
  await region?.close();
  await collector?.close();
  process.env = environment;
});

const settings = (maxAttempts: number, at = endpoint) => ({
  ...{ endpoint: at, region: 'us-east-1', credentials: accountCredentials(ACCOUNT), maxAttempts },
});

const count = (trace: JaegerTrace, operation: string) => zonesOf(trace, operation).length;

describe('one trace', () => {
  it('has every hop of a write and of the call that needs it: door, service, log, three zones', async () => {
    const app = new ApplicationSpan('app', systemClock, systemRandom);
    const iam = traced(new IAMClient(settings(3)), app.traceparent);
    const sts = traced(new STSClient(settings(3)), app.traceparent);
    const role = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    const session = await sts.send(new AssumeRoleCommand({ RoleArn: role.Role!.Arn!, RoleSessionName: 'tour' }));
    await app.end(collector.otlpEndpoint);
    const isComplete = (trace: JaegerTrace) =>
      ['app', 'sts.AssumeRole'].every(name => count(trace, name) === 1) &&
      ['log.store', 'log.apply'].every(name => count(trace, name) === 3);
    const trace = await traceOf(collector, role.$metadata.requestId!, isComplete);
    expect(trace.traceID).toBe(app.traceId);

    const [writer] = zonesOf(trace, 'iam.CreateRole');
    const [reader] = zonesOf(trace, 'sts.AssumeRole');
    const call = `app > front-door@${writer} > iam.CreateRole@${writer}`;
    expect(hopsOf(trace)).toEqual(
      [
        'app',
        `app > front-door@${writer}`,
        call,
        `${call} > log.commit@${writer}`,
        ...ZONES.map(zone => `${call} > log.commit@${writer} > log.store@${zone}`),
        ...ZONES.map(zone => `${call} > log.commit@${writer} > log.apply@${zone}`),
        ...[`app > front-door@${reader}`, `app > front-door@${reader} > sts.AssumeRole@${reader}`],
      ].sort(),
    );
    const said = (name: string) => trace.spans.filter(s => s.operationName === name).map(tagsOf);
    const [commit] = said('log.commit');
    const epochs = new Set(said('log.store').map(tags => tags['stormglass.log.epoch']));
    const positions = new Set(
      [...said('log.store'), ...said('log.apply')].map(tags => tags['stormglass.log.position']),
    );
    expect([...positions]).toEqual([commit!['stormglass.log.position']]);
    expect(epochs.size).toBe(1);
    expect(said('sts.AssumeRole')[0]).toMatchObject({
      'aws.request_id': session.$metadata.requestId,
      'aws.sdk.attempt': 1,
      'http.response.status_code': 200,
    });
  });

  it('shows which zones a write reached while one was lost, and that it reached the lost one later', async () => {
    const [lost, ...left] = ZONES;
    await region.world.disableZone(lost!, 'power-off');
    const { $metadata } = await new IAMClient(settings(5)).send(new CreateUserCommand({ UserName: 'during' }));
    const during = await traceOf(
      collector,
      $metadata.requestId!,
      trace => count(trace, 'log.store') >= 2 && count(trace, 'log.apply') >= 2,
    );
    hopsOf(during);
    expect([zonesOf(during, 'log.store'), zonesOf(during, 'log.apply')]).toEqual([left, left]);
    await region.world.enableZone(lost!);
    const after = await traceOf(
      collector,
      $metadata.requestId!,
      trace => count(trace, 'log.store') >= 3 && count(trace, 'log.apply') >= 3,
    );
    hopsOf(after);
    expect([zonesOf(after, 'log.store'), zonesOf(after, 'log.apply')]).toEqual([ZONES, ZONES]);
  });
});

describe('a retry storm', () => {
  it('is one trace for each call, and stands out on the dashboards', async () => {
    const [left, ...lost] = ZONES;
    await new IAMClient(settings(5)).send(new CreateUserCommand({ UserName: 'before' }));
    for (const zone of lost) await region.world.disableZone(zone, 'power-off');
    const zonal = (await region.world.status()).zones.find(({ id }) => id === left)!.endpoint;
    const storm = new Storm(() => new IAMClient(settings(4, zonal)));
    onTestFinished(() => storm.end());
    const refused = await until('a write to be refused to the end', () => storm.refusedToTheEnd);

    const trace = await traceOf(collector, refused, each => count(each, 'iam.CreateUser') === 4);
    hopsOf(trace);
    const attempts = trace.spans.filter(({ operationName }) => operationName === 'iam.CreateUser').map(tagsOf);
    expect(attempts.map(tags => tags['aws.sdk.attempt'])).toEqual([1, 2, 3, 4]);
    for (const tags of attempts) {
      expect(tags).toMatchObject({
        ...{
          'aws.sdk.attempts_max': 4,
          'http.response.status_code': 503,
          'error.type': 'ServiceUnavailable',
          error: true,
        },
        'aws.sdk.invocation_id': attempts[0]!['aws.sdk.invocation_id'],
      });
    }

    await until('the dashboards to show it', async () => {
      const dashboards = await dashboardsOf(collector, WINDOW_S);
      const highest = (chart: string, line: string) => highestOf(dashboards, chart, line);
      const seen = {
        refused: highest('errors', 'ServiceUnavailable') > 0 && highest('outcomes', '5xx') > 0,
        again: highest('attempts', 'attempt 2') > 0 && highest('attempts', 'attempt 4+') > 0,
        amplified: highest('amplification', 'attempts for each first attempt') > 1.5,
        noQuorum: highest('log-state', left!) === 2,
        silent: lost.every(zone => lastOf(dashboards, 'log-state', zone) === null),
      };
      if (!Object.values(seen).every(Boolean)) throw new Error(JSON.stringify(seen));
      return true;
    });
    await storm.end();
    for (const zone of lost) await region.world.enableZone(zone);
    await until('the log to be whole again on the dashboards', async () => {
      const dashboards = await dashboardsOf(collector, WINDOW_S);
      return ZONES.every(zone => lastOf(dashboards, 'log-state', zone) === 0);
    });
  });
});

/** Callers who each try again what is refused, and then call anew. */
class Storm {
  /** The request id of a call whose last attempt was refused like all before it. */
  refusedToTheEnd: string | undefined;
  readonly #callers: Promise<void>[];
  #isOver = false;

  constructor(clientOf: () => IAMClient) {
    this.#callers = Array.from({ length: 8 }, (_, i) => this.#call(clientOf, i));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  async #call(clientOf: () => IAMClient, caller: number): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      // A client of its own: one that is shared soon stops trying again, its retry quota spent.
      const client = clientOf();
      try {
        await client.send(new CreateUserCommand({ UserName: `storm-${caller}-${n}` }));
      } catch (error) {
        const { $metadata } = error as { $metadata?: { requestId?: string; attempts?: number } };
        if ($metadata?.attempts === 4) this.refusedToTheEnd = $metadata.requestId;
      }
    }
  }
}

const valuesOf = ({ charts }: Dashboards, chart: string, line: string) =>
  charts.find(({ id }) => id === chart)?.lines.find(({ name }) => name === line)?.values ?? [];

const highestOf = (dashboards: Dashboards, chart: string, line: string): number =>
  Math.max(0, ...valuesOf(dashboards, chart, line).map(value => value ?? 0));

const lastOf = (dashboards: Dashboards, chart: string, line: string): number | null | undefined =>
  valuesOf(dashboards, chart, line).at(-1);
