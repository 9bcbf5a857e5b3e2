/**
 * A client in a simulation: signs real requests, sends them over virtual links to one zone after the other, and retries
 * as an SDK does, with one invocation id for all attempts. Records what it asked, when, and what it knows.
 */
import { type Clock, hexId, type Random, randomInt, sleep } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { bodyOf } from '@stormglass/service-kit';
import { signAction } from '@stormglass/testing';
import { History, type Operation } from '../chaos/history.ts';
import type { PlantedBug, SimRegion, SimZone } from './sim-region.ts';

export interface SimHistory {
  /** Reads and writes of registers (descriptions of roles), and creations of users. */
  readonly seen: History;
  /** Request ids of calls that changed something and were acknowledged. */
  readonly acknowledged: Set<string>;
  /** What contradicts the contract at once, without any search. */
  readonly violations: string[];
  calls: number;
  /** Calls that failed after all retries. */
  failed: number;
}

export const newHistory = (clock: Clock): SimHistory => ({
  seen: new History(clock),
  acknowledged: new Set(),
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
  readonly #history: SimHistory;
  readonly #bug: PlantedBug;
  readonly #name: string;
  #counter = 0;

  constructor(region: SimRegion, random: Random, history: SimHistory, bug: PlantedBug, name: string) {
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
    const from = this.#history.seen.now();
    const answer = await this.#call({ Action: 'UpdateRole', RoleName: role, Description: value });
    this.#record({ action: 'write', key: role, value, from }, answer);
    this.#expect(answer, [200], 'UpdateRole');
  }

  async readRegister(role: string): Promise<void> {
    const from = this.#history.seen.now();
    const answer = await this.#call({ Action: 'GetRole', RoleName: role });
    // What a zone without quorum gives from its own copy says so, and promises nothing about order.
    if (answer?.readLocally) return;
    this.#expect(answer, [200], 'GetRole');
    const value = /<Description>([^<]*)</.exec(answer?.body ?? '')?.[1] ?? '';
    this.#record({ action: 'read', key: role, value, from }, answer);
  }

  /** Creating a name once and being told that it exists means that it was created twice. */
  async createUser(): Promise<void> {
    const name = `${this.#name}-${++this.#counter}`;
    const from = this.#history.seen.now();
    const answer = await this.#call({ Action: 'CreateUser', UserName: name });
    const value = /<UserId>([^<]*)</.exec(answer?.body ?? '')?.[1] ?? '';
    this.#record({ action: 'create', key: name, value, from }, answer);
    this.#expect(answer, [200], 'CreateUser');
  }

  #record(asked: Pick<Operation, 'action' | 'key' | 'value' | 'from'>, answer: Answer | undefined): void {
    const { seen } = this.#history;
    const outcome = answer?.status === 200 ? 'ok' : 'unknown';
    seen.add({ type: 'operation', process: this.#name, ...asked, until: seen.now(), outcome });
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
      if (last !== undefined && last.status !== 503) return this.#remembered(last, parameters);
      await sleep(this.#region.clock, 20 + 100 * 2 ** attempt * this.#random.next());
    }
    this.#history.failed++;
    return last;
  }

  #remembered(answer: Answer, { Action = '' }: Record<string, string>): Answer {
    const requestId = /<RequestId>([^<]*)</.exec(answer.body)?.[1];
    if (answer.status === 200 && !Action.startsWith('Get') && requestId !== undefined) {
      this.#history.acknowledged.add(requestId);
    }
    return answer;
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
          .handle(request, bodyOf(request.body), origin)
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
