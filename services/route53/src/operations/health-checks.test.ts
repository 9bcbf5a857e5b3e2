import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetCheckerIpRangesCommand,
  GetHealthCheckCommand,
  GetHealthCheckCountCommand,
  GetHealthCheckLastFailureReasonCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  ListHealthChecksCommand,
  UpdateHealthCheckCommand,
  type UpdateHealthCheckCommandInput,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { a, create, type Route53Host, refusal, remove, startRoute53Host } from '../testing/route53-host.ts';

let host: Route53Host;
beforeAll(async () => {
  host = await startRoute53Host();
});
afterAll(() => host.close());

let references = 0;
const make = async (HealthCheckConfig: HealthCheckConfig, CallerReference = `r${++references}`) =>
  (await host.root.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }))).HealthCheck!;
const update = async (HealthCheckId: string, change: Omit<UpdateHealthCheckCommandInput, 'HealthCheckId'>) =>
  (await host.root.send(new UpdateHealthCheckCommand({ HealthCheckId, ...change }))).HealthCheck!;

const HTTP: HealthCheckConfig = { Type: 'HTTP', IPAddress: '127.0.0.1', Port: 8080, ResourcePath: 'up' };
const TCP: HealthCheckConfig = { Type: 'TCP', IPAddress: '127.0.0.1', Port: 9 };

it('makes a health check once for a reference, with the defaults of its type', async () => {
  const made = await make(HTTP, 'once');
  expect(made).toEqual({
    Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    CallerReference: 'once',
    HealthCheckVersion: 1,
    HealthCheckConfig: {
      ...HTTP,
      ResourcePath: '/up',
      RequestInterval: 30,
      FailureThreshold: 3,
      MeasureLatency: false,
      Inverted: false,
      Disabled: false,
    },
  });
  expect(await make(HTTP, 'once')).toEqual(made);
  await expect(make({ ...HTTP, Port: 8081 }, 'once')).rejects.toMatchObject(
    refusal(
      'HealthCheckAlreadyExists',
      409,
      'A health check with CallerReference once and different settings already exists.',
    ),
  );
  expect((await host.root.send(new GetHealthCheckCommand({ HealthCheckId: made.Id! }))).HealthCheck).toEqual(made);
  const https = await make({ Type: 'HTTPS', FullyQualifiedDomainName: 'a.test' });
  expect(https.HealthCheckConfig).toMatchObject({ Port: 443, EnableSNI: true });
});

const refused: Record<string, [config: HealthCheckConfig, message: string]> = {
  'no address': [{ Type: 'HTTP' }, 'Either IPAddress or FullyQualifiedDomainName must be specified.'],
  'TCP without a port': [
    { Type: 'TCP', IPAddress: '127.0.0.1' },
    'Port must be specified for health checks of type TCP.',
  ],
  'nothing to look for': [
    { ...HTTP, Type: 'HTTP_STR_MATCH' },
    'SearchString is required for health checks of type HTTP_STR_MATCH.',
  ],
  'something to look for, and no search': [
    { ...HTTP, SearchString: 'x' },
    'SearchString is not for health checks of type HTTP.',
  ],
  'a path for TCP': [{ ...TCP, ResourcePath: '/' }, 'ResourcePath is not for health checks of type TCP.'],
  'a path of two lines': [
    { ...HTTP, ResourcePath: '/a\nHost: b' },
    'ResourcePath contains characters that a request cannot carry.',
  ],
  'SNI without TLS': [{ ...HTTP, EnableSNI: true }, 'EnableSNI is not for health checks of type HTTP.'],
  'another interval': [{ ...HTTP, RequestInterval: 20 }, 'RequestInterval must be 10 or 30 seconds.'],
  'children of an endpoint': [
    { ...HTTP, ChildHealthChecks: ['x'] },
    'A health check of type HTTP has no ChildHealthChecks and no HealthThreshold.',
  ],
  'an endpoint of children': [
    { Type: 'CALCULATED', HealthThreshold: 1, IPAddress: '127.0.0.1' },
    'A CALCULATED health check has no IPAddress.',
  ],
  'children without a threshold': [
    { Type: 'CALCULATED', ChildHealthChecks: [] },
    'HealthThreshold is required for health checks of type CALCULATED.',
  ],
  'a child that is not there': [
    { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: ['x'] },
    'ChildHealthChecks names x, which is no health check of yours.',
  ],
};

it.each(Object.entries(refused))('refuses %s', async (_, [config, message]) => {
  await expect(make(config)).rejects.toMatchObject(refusal('InvalidInput', 400, `Invalid parameter : ${message}`));
});

it.each(['CLOUDWATCH_METRIC', 'RECOVERY_CONTROL'] as const)('does not offer %s', async Type => {
  await expect(make({ Type })).rejects.toMatchObject(
    refusal('InvalidInput', 400, `Health checks of type ${Type} are not offered here.`),
  );
});

it('changes a health check version by version', async () => {
  const { Id } = await make({ ...HTTP, FullyQualifiedDomainName: 'a.test' });
  const second = await update(Id!, { HealthCheckVersion: 1, Port: 81, Inverted: true });
  expect(second).toMatchObject({ HealthCheckVersion: 2, HealthCheckConfig: { Port: 81, Inverted: true } });
  await expect(update(Id!, { HealthCheckVersion: 1, Port: 82 })).rejects.toMatchObject(
    refusal('HealthCheckVersionMismatch', 409, 'The health check has version 2, and version 1 was to be changed.'),
  );
  const third = await update(Id!, { ResetElements: ['FullyQualifiedDomainName', 'ResourcePath'] });
  expect(third.HealthCheckVersion).toBe(3);
  expect(third.HealthCheckConfig).not.toHaveProperty('FullyQualifiedDomainName');
  expect(third.HealthCheckConfig).not.toHaveProperty('ResourcePath');
  await expect(update(Id!, { SearchString: 'x' })).rejects.toMatchObject({ name: 'InvalidInput' });
  await expect(update('none', { Port: 1 })).rejects.toMatchObject(
    refusal('NoSuchHealthCheck', 404, 'No health check exists with the specified ID: none'),
  );
});

it('keeps a health check that something counts on', async () => {
  const [one, two] = [await make(TCP), await make(TCP)];
  const zone = await host.zone('hc.test');
  const set = a('x.hc.test', '192.0.2.1', { SetIdentifier: 'x', Weight: 1, HealthCheckId: one.Id! });
  await host.change(zone, create(set));
  const calculated = await make({ Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: [two.Id!] });
  const drop = (HealthCheckId: string) => host.root.send(new DeleteHealthCheckCommand({ HealthCheckId }));
  for (const { Id } of [one, two]) await expect(drop(Id!)).rejects.toMatchObject({ name: 'HealthCheckInUse' });
  await host.root.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes: [remove(set)] } }),
  );
  await expect(
    make({ Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: [calculated.Id!] }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('which is itself CALCULATED'),
  });
  for (const { Id } of [calculated, one, two]) await drop(Id!);
  await expect(drop(one.Id!)).rejects.toMatchObject({ name: 'NoSuchHealthCheck' });
});

it('answers by health, calculated, inverted and disabled', async () => {
  const zone = await host.zone('calc.test');
  const [one, two] = [(await make(TCP)).Id!, (await make(TCP)).Id!];
  const { Id } = await make({ Type: 'CALCULATED', HealthThreshold: 2, ChildHealthChecks: [one, two] });
  await host.change(
    zone,
    create(a('x.calc.test', '192.0.2.1', { SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: Id! })),
    create(a('x.calc.test', '192.0.2.2', { SetIdentifier: 's', Failover: 'SECONDARY' })),
  );
  const isPrimary = async () => (await host.ask(zone, 'x.calc.test'))[0] === '192.0.2.1';
  expect(await isPrimary()).toBe(true);
  host.down.add(one);
  expect(await isPrimary()).toBe(false);
  await update(Id!, { HealthThreshold: 1 });
  expect(await isPrimary()).toBe(true);
  await update(Id!, { HealthThreshold: 2 });
  await update(one, { Inverted: true });
  expect(await isPrimary()).toBe(true);
  await update(one, { Inverted: false, Disabled: true });
  expect(await isPrimary()).toBe(true);
  await update(one, { Inverted: true, Disabled: true });
  expect(await isPrimary()).toBe(false);
});

it('lists health checks in pages, and counts them', async () => {
  const other = host.client('222222222222');
  for (let i = 0; i < 5; i++)
    await other.send(new CreateHealthCheckCommand({ CallerReference: `${i}`, HealthCheckConfig: TCP }));
  const sizes: number[] = [];
  const seen = new Set<string | undefined>();
  let Marker: string | undefined;
  do {
    const page = await other.send(new ListHealthChecksCommand({ Marker, MaxItems: 2 }));
    sizes.push(page.HealthChecks!.length);
    for (const { Id } of page.HealthChecks!) seen.add(Id);
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect([sizes, seen.size]).toEqual([[2, 2, 1], 5]);
  expect(await other.send(new GetHealthCheckCountCommand({}))).toMatchObject({ HealthCheckCount: 5 });
});

it('shows what the checkers of the zone saw', async () => {
  const HealthCheckId = (await make(TCP)).Id!;
  const seen = (status: string, ipAddress: string) => ({ region: 'us-east-1', ipAddress, status, checkedAt: 5000 });
  host.seen.set(HealthCheckId, [seen('Success: well', '127.0.1.1'), seen('Failure: refused', '127.0.1.2')]);
  const { HealthCheckObservations } = await host.root.send(new GetHealthCheckStatusCommand({ HealthCheckId }));
  const shown = (Status: string, IPAddress: string) => ({
    Region: 'us-east-1',
    IPAddress,
    StatusReport: { Status, CheckedTime: new Date(5000) },
  });
  expect(HealthCheckObservations).toEqual([
    shown('Success: well', '127.0.1.1'),
    shown('Failure: refused', '127.0.1.2'),
  ]);
  const last = await host.root.send(new GetHealthCheckLastFailureReasonCommand({ HealthCheckId }));
  expect(last.HealthCheckObservations).toEqual([shown('Failure: refused', '127.0.1.2')]);
  const { Id } = await make({ Type: 'CALCULATED', HealthThreshold: 0 });
  await expect(host.root.send(new GetHealthCheckStatusCommand({ HealthCheckId: Id! }))).rejects.toMatchObject({
    name: 'InvalidInput',
  });
  expect((await host.root.send(new GetCheckerIpRangesCommand({}))).CheckerIpRanges).toEqual(['127.0.0.0/8']);
});
