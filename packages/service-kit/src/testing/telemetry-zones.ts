/** Zones for the tests of telemetry: one service with one write, on replicas that share a log in memory. */
import { loadService } from '@stormglass/aws-wire';
import { type Logger, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { type MemoryLog, Replica, type StateMachine } from '@stormglass/replicated-state';
import { signAction } from '@stormglass/testing';
import { Admission } from '../admission.ts';
import { Pipeline } from '../pipeline.ts';
import type { Origin } from '../request-facts.ts';
import { bodyOf } from '../request-stream.ts';
import { bindService } from '../service.ts';
import type { Telemetry } from '../telemetry.ts';
import { observeAdmission, observeLog } from '../telemetry-gauges.ts';
import { logTracing } from '../telemetry-log.ts';

const MODEL = loadService({
  format: 1,
  id: 'ledger',
  signingName: 'ledger',
  protocols: ['query'],
  apiVersion: '2026-01-01',
  namespace: 'test.ledger',
  xmlNamespace: 'https://ledger.test/',
  targetPrefix: 'Ledger',
  operations: { Add: { input: 'AddRequest', output: 'AddResponse' }, Get: { output: 'AddResponse' } },
  notImplemented: [],
  errors: {},
  structures: {
    AddRequest: { members: { Amount: { type: 'number' } } },
    AddResponse: { members: { Total: { type: 'number' } } },
  },
  constraints: {},
});

class Ledger implements StateMachine<number, number, { readonly total: number }> {
  readonly name = 'ledger';
  readonly format = 1;
  #total = 0;

  get view() {
    return { total: this.#total };
  }

  apply(_context: unknown, amount: number): number {
    this.#total += amount;
    return this.#total;
  }

  *snapshot(): Iterable<number> {
    yield this.#total;
  }

  install(records: Iterable<unknown>): void {
    [this.#total = 0] = records as Iterable<number>;
  }
}

export interface TestZone {
  readonly replica: Replica<number, number, { readonly total: number }>;
  readonly admission: Admission;
  call(
    action: 'Add' | 'Get',
    headers?: Readonly<Record<string, string>>,
    origin?: Partial<Origin>,
  ): ReturnType<Pipeline['handle']>;
  close(): Promise<void>;
}

const REGION = 'eu-test-1';
const DEADLINE_MS = 800;

export async function startTestZone(
  zone: string,
  log: MemoryLog,
  telemetry: Telemetry,
  logger: Logger = silentLogger,
): Promise<TestZone> {
  const clock = systemClock;
  const random = seededRandom(zone.length);
  const tracing = logTracing(telemetry, 'ledger', clock);
  const replica = new Replica({ machine: new Ledger(), log: log.open(), clock, random, logger: silentLogger, tracing });
  await replica.start();
  const service = bindService(
    MODEL,
    [
      {
        name: 'Add',
        state: 'write',
        permission: 'none',
        handle: async (input, { deadline, trace }) => ({
          Total: await replica.execute(Number(input.Amount), { deadline, trace }),
        }),
      },
      { name: 'Get', state: 'local-read', permission: 'none', handle: () => ({ Total: replica.view.total }) },
    ],
    undefined,
    { isGlobal: false, upToDate: deadline => replica.upToDate(deadline) },
  );
  const admission = new Admission(8);
  observeAdmission(telemetry, admission);
  observeLog(telemetry, 'ledger', replica);
  const iam = { view: new IamState({ partition: 'aws' }).view, catchUp: async () => {} };
  const pipeline = new Pipeline({
    ...{ services: [service], iam, admission, clock, random, logger, telemetry },
    ...{ partition: 'aws', region: REGION, homeRegion: REGION, zone, deadlineMs: DEADLINE_MS },
  });
  const signer = { accessKeyId: 'test', secretAccessKey: 'test', region: REGION, service: 'ledger' };
  return {
    replica,
    admission,
    async call(action, headers = {}, origin = {}) {
      const parameters = { Action: action, Version: MODEL.apiVersion, ...(action === 'Add' ? { Amount: '2' } : {}) };
      const { body, ...head } = signAction(signer, parameters, { nowMs: clock.now() });
      const request = { ...head, headers: { ...head.headers, ...headers } };
      return pipeline.handle(request, bodyOf(body), { remoteAddress: '127.0.0.1', isSecure: false, ...origin });
    },
    close: () => replica.close(),
  };
}
