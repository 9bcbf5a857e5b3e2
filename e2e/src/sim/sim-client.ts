/**
 * A client in a simulation: signs real requests, sends them over virtual links to one zone after the other, and retries
 * as an SDK does, with one invocation id for all attempts. Records what it asked, when, and what it knows.
 */
import { hexId, type Random, randomInt, sleep } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { type RegisterOperation, signAction } from '@stormglass/testing';
import type { PlantedBug, SimRegion, SimZone } from './sim-region.ts';

export interface History {
  /** Reads and writes of each register: the description of a role. */
  readonly registers: Map<string, RegisterOperation[]>;
  /** Names of users whose creation was acknowledged. */
  readonly created: Set<string>;
  /** What contradicts the contract at once, without any search. */
  readonly violations: string[];
  calls: number;
  /** Calls that failed after all retries. */
  failed: number;
}

export const newHistory = (): History => ({
  registers: new Map(),
  created: new Set(),
  violations: [],
  calls: 0,
  failed: 0,
});

const SIGNER = { accessKeyId: 'test', secretAccessKey: 'test', region: 'us-east-1', service: 'iam' };
const ATTEMPTS = 4;
/** A client hears nothing for this long and tries elsewhere: the front door has noticed by then. */
const SILENCE_MS = 900;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly readLocally: boolean;
}

export class SimClient {
  readonly #region: SimRegion;
  readonly #random: Random;
  readonly #history: History;
  readonly #bug: PlantedBug;
  readonly #name: string;
  #counter = 0;

  constructor(region: SimRegion, random: Random, history: History, bug: PlantedBug, name: string) {
    this.#region = region;
    this.#random = random;
    this.#history = history;
    this.#bug = bug;
    this.#name = name;
  }

  async createRole(role: string): Promise<boolean> {
    const answer = await this.#call({ Action: 'CreateRole', RoleName: role, AssumeRolePolicyDocument: TRUST });
    return answer?.status === 200;
  }

  async writeRegister(role: string): Promise<void> {
    const value = `${this.#name}.${++this.#counter}`;
    const from = this.#region.clock.monotonic();
    const answer = await this.#call({ Action: 'UpdateRole', RoleName: role, Description: value });
    const known = answer?.status === 200;
    this.#record(role, {
      kind: 'write',
      value,
      from,
      until: known ? this.#region.clock.monotonic() : Number.POSITIVE_INFINITY,
    });
    this.#expect(answer, [200], 'UpdateRole');
  }

  async readRegister(role: string): Promise<void> {
    const from = this.#region.clock.monotonic();
    const answer = await this.#call({ Action: 'GetRole', RoleName: role });
    // What a zone without quorum gives from its own copy says so, and promises nothing about order.
    if (answer?.readLocally) return;
    this.#expect(answer, [200], 'GetRole');
    if (answer?.status !== 200) return;
    const value = /<Description>([^<]*)</.exec(answer.body)?.[1] ?? '';
    this.#record(role, { kind: 'read', value, from, until: this.#region.clock.monotonic() });
  }

  /** Creating a name once and being told that it exists means that it was created twice. */
  async createUser(): Promise<void> {
    const name = `${this.#name}-${++this.#counter}`;
    const answer = await this.#call({ Action: 'CreateUser', UserName: name });
    if (answer?.status === 200) this.#history.created.add(name);
    this.#expect(answer, [200], 'CreateUser');
  }

  #record(register: string, operation: RegisterOperation): void {
    const operations = this.#history.registers.get(register) ?? [];
    operations.push(operation);
    this.#history.registers.set(register, operations);
  }

  #expect(answer: Answer | undefined, statuses: readonly number[], action: string): void {
    if (answer === undefined || answer.status === 503 || statuses.includes(answer.status)) return;
    this.#history.violations.push(`${action} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  }

  /** Undefined when no attempt was answered. */
  async #call(parameters: Record<string, string>): Promise<Answer | undefined> {
    this.#history.calls++;
    let invocation = hexId(this.#random, 8);
    let last: Answer | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (this.#bug === 'retries-with-new-ids') invocation = hexId(this.#random, 8);
      const zone = this.#chooseZone(attempt);
      last = zone === undefined ? undefined : await this.#attempt(zone, parameters, invocation);
      if (last !== undefined && last.status !== 503) return last;
      await sleep(this.#region.clock, 20 + 100 * 2 ** attempt * this.#random.next());
    }
    this.#history.failed++;
    return last;
  }

  /** As the front door does: zones that answer come first, and each retry goes to another one. */
  #chooseZone(attempt: number): SimZone | undefined {
    const zones = this.#region.zones.filter(z => z.running !== undefined && !this.#region.isCut('clients', z.id));
    if (zones.length === 0) return undefined;
    const confirming = zones.filter(z => isWell(z.running!.parts.health()));
    const candidates = confirming.length > 0 ? confirming : zones;
    return candidates[(randomInt(this.#random, 3) + attempt) % candidates.length];
  }

  /** One request and its answer over the links between clients and the zone; either may never arrive. */
  #attempt(zone: SimZone, parameters: Record<string, string>, invocation: string): Promise<Answer | undefined> {
    const { clock, network } = this.#region;
    const headers = { 'amz-sdk-invocation-id': invocation };
    const request = signAction(SIGNER, { ...parameters, Version: '2010-05-08' }, { nowMs: clock.now(), headers });
    const { running } = zone;
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const [near, far] = network.connect<undefined, Answer>('clients', zone.id);
    const cancel = clock.after(SILENCE_MS, () => resolve(undefined));
    near.listen({ message: resolve, closed: () => resolve(undefined) });
    far.listen({
      message: () => {
        const origin = { remoteAddress: '127.0.0.1', isSecure: false };
        void running!.parts.pipeline
          .handle(request, async () => request.body, origin)
          .then(({ status, body, headers: h }) => {
            if (zone.running === running)
              far.send({ status, body: String(body), readLocally: h['x-stormglass-read'] === 'local' } as never);
          });
      },
      closed: () => {},
    });
    near.send(undefined);
    return promise.finally(() => {
      cancel();
      near.close();
    });
  }
}

const isWell = (health: ZoneHealth): boolean => health.status === 'ok' && health.log !== 'no-quorum';
