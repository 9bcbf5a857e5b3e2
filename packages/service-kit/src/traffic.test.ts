/** Throttling by account and operation, what each protocol answers, and the tables of who called. */
import { loadService, type Operation } from '@stormglass/aws-wire';
import { MemoryHotState } from '@stormglass/hot-state';
import { type AccountPrincipal, rootPrincipal } from '@stormglass/identity';
import { expect, it } from 'vitest';
import { TRAFFIC_TABLES, Traffic } from './traffic.ts';

const operation = (name: string, signingName = 'iam', protocol = 'query') => {
  const model = loadService({
    ...{ format: 1, id: signingName, signingName, protocols: [protocol] },
    ...{ notImplemented: [], errors: {}, operations: { [name]: {} }, structures: {} },
  });
  return model.operations.get(name)!;
};
const [listUsers, listRoles] = [operation('ListUsers'), operation('ListRoles')];
const [anna, bert] = [rootPrincipal('aws', '111111111111'), rootPrincipal('aws', '222222222222')];

function traffic(limited: boolean) {
  const time = { now: 0 };
  const hot = new MemoryHotState({ monotonic: () => time.now });
  return { time, traffic: new Traffic(hot, limited ? { ratePerSecond: 1, burst: 2 } : undefined) };
}

it('gives each account its calls of each operation', () => {
  const { time, traffic: t } = traffic(true);
  const call = (who: AccountPrincipal, what: Operation) => () => t.pass(what, who, '127.0.0.1');
  call(anna, listUsers)();
  call(anna, listUsers)();
  expect(call(anna, listUsers)).toThrow('Rate exceeded');
  call(anna, listRoles)();
  call(bert, listUsers)();
  expect(t.throttled).toBe(1);
  time.now = 1000;
  call(anna, listUsers)();
  expect(call(anna, listUsers)).toThrow('Rate exceeded');
  expect(t.throttled).toBe(2);
});

it('gives fewer calls of an operation that AWS limits more tightly', () => {
  const hot = new MemoryHotState({ monotonic: () => 0 });
  const generous = new Traffic(hot, { ratePerSecond: 100, burst: 100 });
  const [lookUp, other] = ['LookupEvents', 'ListTrails'].map(name => operation(name, 'cloudtrail', 'awsJson1_1'));
  const call = (what: Operation) => () => generous.pass(what, anna, '127.0.0.1');
  for (let n = 0; n < 10; n++) call(other!)();
  call(lookUp!)();
  call(lookUp!)();
  expect(call(lookUp!)).toThrow('Rate exceeded');
});

it.each([
  ['query', 'Throttling'],
  ['restXml', 'Throttling'],
  ['awsJson1_1', 'ThrottlingException'],
])('says it as services of the protocol %s do', (protocol, code) => {
  const { traffic: t } = traffic(true);
  const call = () => t.pass(operation('Do', 'x', protocol), anna, '127.0.0.1');
  call();
  call();
  expect(call).toThrow(expect.objectContaining({ code, status: 400, message: 'Rate exceeded' }));
});

it('refuses nobody without a limit, and counts all the same', async () => {
  const { traffic: t } = traffic(false);
  for (let i = 0; i < 100; i++) t.pass(listUsers, i % 4 === 0 ? anna : bert, `10.0.0.${i % 2}`);
  const top = async (table: string) =>
    (await t.hot.top(table, 2, 60_000)).map(({ contributor, amount }) => `${contributor} ${amount}`);
  const tables = await Promise.all(TRAFFIC_TABLES.map(top));
  expect(Object.fromEntries(TRAFFIC_TABLES.map((name, i) => [name, tables[i]]))).toEqual({
    account: ['222222222222 75', '111111111111 25'],
    principal: ['arn:aws:iam::222222222222:root 75', 'arn:aws:iam::111111111111:root 25'],
    operation: ['iam:ListUsers 100'],
    address: ['10.0.0.0 50', '10.0.0.1 50'],
    throttled: [],
  });
});
