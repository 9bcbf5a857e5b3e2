/** Serves the world's control API (`@stormglass/contracts`, world.ts) where only the operator can reach it. */

import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import {
  type CertificateStatus,
  type ChaosAnswer,
  type ChaosRequest,
  type ContributorReport,
  type DoctorReport,
  type FaultRequest,
  type FaultStatus,
  type GlobalStsMode,
  type ObjectsReport,
  type RegionStatus,
  WorldError,
  type ZoneOutage,
} from '@stormglass/contracts';
import { UnknownCertificate } from '@stormglass/pki';

export interface Control {
  status(): RegionStatus;
  doctor(): Promise<DoctorReport>;
  contributors(): Promise<readonly ContributorReport[]>;
  objects(): Promise<readonly ObjectsReport[]>;
  scrubObjects(zone?: string): Promise<readonly string[]>;
  wait(timeoutMs: number): Promise<RegionStatus>;
  addFault(request: FaultRequest): FaultStatus | Promise<FaultStatus>;
  clearFaults(id?: string): number | Promise<number>;
  chaos(asked: ChaosRequest): ChaosAnswer | Promise<ChaosAnswer>;
  enableZone(zone: string): void;
  certificates(): readonly CertificateStatus[];
  revocationLists(): Promise<string>;
  revokeCertificate(serial: string): void;
  rotateAuthority(): Promise<void>;
  setGlobalSts(mode: GlobalStsMode, zone?: string): void;
  stop(): void;
}

const BODY_BYTES_MAX = 64 * 1024;

type Route = readonly [
  method: string,
  path: RegExp,
  answer: (control: Control, id: string, body: Record<string, unknown>) => unknown,
];

const zoneStatus = (control: Control, zone: string) => {
  const status = control.status();
  return (status.regions ?? [status]).flatMap(({ zones }) => zones).find(({ id }) => id === zone);
};

const ROUTES: readonly Route[] = [
  ['GET', /^\/status$/, control => control.status()],
  ['GET', /^\/doctor$/, control => control.doctor()],
  ['GET', /^\/contributors$/, control => control.contributors()],
  ['GET', /^\/objects$/, control => control.objects()],
  [
    'POST',
    /^\/objects\/scrub(?:\/([\w-]+))?$/,
    (control, zone) => control.scrubObjects(zone === '' ? undefined : zone),
  ],
  ['POST', /^\/wait$/, (control, _id, body) => control.wait(Number(body.timeoutMs))],
  ['POST', /^\/faults$/, (control, _id, body) => control.addFault(body as unknown as FaultRequest)],
  [
    'DELETE',
    /^\/faults(?:\/([\w-]+))?$/,
    async (control, id) => ({ cleared: await control.clearFaults(id === '' ? undefined : id) }),
  ],
  [
    'POST',
    /^\/zones\/([\w-]+)\/disable$/,
    async (control, zone, body) => {
      await control.addFault({ fault: (body.outage ?? 'power-off') as ZoneOutage, zone });
      return zoneStatus(control, zone);
    },
  ],
  [
    'POST',
    /^\/zones\/([\w-]+)\/enable$/,
    (control, zone) => {
      control.enableZone(zone);
      return zoneStatus(control, zone);
    },
  ],
  ['POST', /^\/chaos$/, (control, _id, body) => control.chaos(body as unknown as ChaosRequest)],
  ['GET', /^\/certificates$/, control => control.certificates()],
  ['GET', /^\/revocation-lists$/, control => control.revocationLists()],
  ['POST', /^\/certificates\/([0-9A-Fa-f]+)\/revoke$/, (control, serial) => control.revokeCertificate(serial)],
  ['POST', /^\/rotate-authority$/, control => control.rotateAuthority()],
  [
    'PUT',
    /^\/global-sts(?:\/([\w-]+))?$/,
    (control, zone, { mode }) => control.setGlobalSts(mode as GlobalStsMode, zone === '' ? undefined : zone),
  ],
  ['POST', /^\/stop$/, control => control.stop()],
];

/** Listens on a Unix socket, or on a port where only the operator gets to. */
export async function serveControlApi(
  control: Control,
  where: string | { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(control, request).then(([status, value]) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(value ?? null));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(typeof where === 'string' ? { path: where } : where, resolve);
  });
  if (typeof where === 'string') chmodSync(where, 0o600);
  return server;
}

async function answer(control: Control, request: IncomingMessage): Promise<[status: number, value: unknown]> {
  try {
    const url = request.url ?? '';
    for (const [method, path, run] of ROUTES) {
      const match = method === request.method ? path.exec(url) : null;
      if (match !== null) return [200, await run(control, match[1] ?? '', await readJson(request))];
    }
    return [404, { message: `no such call: ${request.method} ${url}` }];
  } catch (error) {
    const known = error instanceof WorldError || error instanceof UnknownCertificate;
    return [known ? 400 : 500, { message: error instanceof Error ? error.message : String(error) }];
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new WorldError('the request is too large');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  } catch (cause) {
    throw new WorldError('the request is not JSON', { cause });
  }
}
