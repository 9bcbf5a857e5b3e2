/**
 * The move of `sts.amazonaws.com` (AWS IAM User Guide, "AWS STS Regions and endpoints"): from an endpoint that the home
 * region answers for everybody to one that every default region answers for its own callers, zone by zone, while calls
 * flow. Callers change nothing: they ask the resolver of their zone, and sign for us-east-1 as ever.
 */
import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { GlobalStsMode } from '@stormglass/contracts';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { NameClient } from '../chaos/name-client.ts';
import { accountCredentials } from '../chaos/sdk-load.ts';

export interface MigrationSettings {
  /** Whose callers are moved. */
  readonly region: string;
  /** Between regions, there and back, in ms. */
  readonly roundTripMs: number;
  /** Callers, each of an account of its own, spread over the zones. */
  readonly accounts: number;
  /** How long each step is watched, in ms. */
  readonly stepMs: number;
}

export const USUAL: MigrationSettings = { region: 'eu-north-1', roundTripMs: 120, accounts: 12, stepMs: 4000 };

export interface MigrationCall {
  readonly account: string;
  /** Zone whose resolver was asked. */
  readonly from: string;
  /** Zone that answered; undefined when nobody did. */
  readonly by: string | undefined;
  /** When it began, in monotonic ms. */
  readonly at: number;
  readonly ms: number;
  readonly error: string | undefined;
}

export interface MigrationStep {
  readonly name: string;
  readonly calls: readonly MigrationCall[];
}

export interface Migration {
  readonly region: TestRegion;
  readonly home: TestRegion;
  /** Where nobody is ever led. */
  readonly third: TestRegion;
  /** `legacy`, then each zone as it is moved. Calls that were under way during a move belong to no step. */
  readonly steps: readonly MigrationStep[];
  /** Every call there was. */
  readonly calls: readonly MigrationCall[];
}

const HOME = 'us-east-1';
const THIRD = 'ap-southeast-2';
const NAME = 'sts.amazonaws.com';
const PAUSE_MS = 20;

/** Runs it. The regions are the caller's to stop. */
export async function migrate(settings: MigrationSettings): Promise<Migration> {
  const home = await startRegion({
    ...{ regions: [HOME, settings.region, THIRD], regionLinks: { latencyMs: settings.roundTripMs } },
    ...{ globalSts: 'legacy' as GlobalStsMode, dns: { ttlSeconds: 1 }, timeoutMs: 120_000 },
  });
  const region = home.region(settings.region);
  const callers = new Callers(region, await resolversOf(region), new URL(home.endpoint).port, settings.accounts);
  const steps: MigrationStep[] = [];
  const watch = async (name: string) => {
    steps.push({ name, calls: await callers.watch(settings.stepMs) });
  };
  try {
    await watch('legacy');
    for (const zone of region.zones) {
      await zone.setGlobalSts('regional');
      await callers.ledTo(zone.id, region);
      await watch(`${zone.id} moved`);
    }
  } finally {
    await callers.stop();
  }
  return { region, home, third: home.region(THIRD), steps, calls: callers.calls };
}

/** Address and port of each zone's resolver. */
async function resolversOf(region: TestRegion): Promise<ReadonlyMap<string, string>> {
  const { regions = [] } = await region.status();
  const zones = regions.find(each => each.region === region.name)?.zones ?? [];
  return new Map(zones.map(({ id, dns }) => [id, dns]));
}

/** Ordinary programs: each calls, waits a little, and calls again, on a connection that it keeps for a few calls. */
class Callers {
  readonly calls: MigrationCall[] = [];
  readonly #names: ReadonlyMap<string, NameClient>;
  readonly #running: readonly Promise<void>[];
  #going = true;

  constructor(region: TestRegion, resolvers: ReadonlyMap<string, string>, port: string, accounts: number) {
    this.#names = new Map(region.zones.map(({ id }) => [id, new NameClient([resolvers.get(id)!])]));
    this.#running = Array.from({ length: accounts }, (_, i) =>
      this.#run(region.zones[i % region.zones.length]!.id, String(100_000_000_000 + i), port),
    );
  }

  /** The calls that begin and end within the next `ms`. */
  async watch(ms: number): Promise<readonly MigrationCall[]> {
    const startedAt = performance.now();
    await new Promise(resolve => setTimeout(resolve, ms));
    return this.calls.filter(({ at }) => at >= startedAt);
  }

  /** Resolves when calls of a zone are answered in its own region. */
  async ledTo(zone: string, region: TestRegion): Promise<void> {
    const own = new Set(region.zones.map(({ id }) => id));
    const accounts = new Set(this.calls.filter(({ from }) => from === zone).map(({ account }) => account));
    const since = this.calls.length;
    while (accounts.size > 0) {
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
      for (const { account, by } of this.calls.slice(since))
        if (by !== undefined && own.has(by)) accounts.delete(account);
    }
  }

  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#running);
  }

  async #run(zone: string, account: string, port: string): Promise<void> {
    let by: string | undefined;
    while (this.#going) {
      const client = this.#client(zone, account, port, found => {
        by = found;
      });
      for (let n = 0; n < CALLS_A_CONNECTION && this.#going; n++) {
        by = undefined;
        const at = performance.now();
        const error = await client.send(new GetCallerIdentityCommand({})).then(
          () => undefined,
          (thrown: Error) => `${thrown.name}: ${thrown.message}`,
        );
        this.calls.push({ account, from: zone, by, at, ms: performance.now() - at, error });
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
      }
      client.destroy();
    }
  }

  #client(zone: string, account: string, port: string, onZone: (zone: string | undefined) => void): STSClient {
    const client = new STSClient({
      ...{ endpoint: `http://${NAME}:${port}`, region: HOME, credentials: accountCredentials(account) },
      requestHandler: { httpAgent: this.#names.get(zone)!.agent(true) },
    });
    client.middlewareStack.add(
      next => async args => {
        const result = await next(args);
        onZone((result.response as { headers?: Record<string, string> }).headers?.['x-stormglass-zone']);
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    return client;
  }
}

const CALLS_A_CONNECTION = 5;

/** Accounts with a call that another region answered, of those with a call, in percent. */
export function crossRegionShare(calls: readonly MigrationCall[], region: TestRegion): number {
  const own = new Set(region.zones.map(({ id }) => id));
  const away = calls.filter(({ by }) => by !== undefined && !own.has(by));
  const accounts = (some: readonly MigrationCall[]) => new Set(some.map(({ account }) => account)).size;
  return (100 * accounts(away)) / Math.max(1, accounts(calls));
}

/** `share`: 0.5 for the median. In ms. */
export function quantile(calls: readonly MigrationCall[], share: number): number {
  const sorted = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** A call as CloudTrail tells it. */
export interface RecordedCall {
  readonly awsRegion: string;
  readonly endpointType: string;
  readonly servingRegion: string;
}

/** The newest calls of an account that the trail of a region has, a thousand at most. */
export async function recordedCalls({ endpoint, name }: TestRegion, account: string): Promise<readonly RecordedCall[]> {
  const client = new CloudTrailClient({ endpoint, region: name, credentials: accountCredentials(account) });
  const recorded: RecordedCall[] = [];
  const attribute = { AttributeKey: 'EventName', AttributeValue: 'GetCallerIdentity' } as const;
  for await (const { Events = [] } of paginateLookupEvents({ client }, { LookupAttributes: [attribute] })) {
    for (const { CloudTrailEvent: text = '' } of Events) {
      const { awsRegion, additionalEventData } = JSON.parse(text);
      const { endpointType, awsServingRegion } = additionalEventData.RequestDetails;
      recorded.push({ awsRegion, endpointType, servingRegion: awsServingRegion });
    }
    if (recorded.length >= 1000) break;
  }
  return recorded;
}
