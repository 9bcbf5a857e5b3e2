/** Each fault on a connection of its own, on virtual time: what arrives, when, and what happens when the fault ends. */
import { SimClock } from '@stormglass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { LinkConnection, type LinkConnectionOptions } from './link-connection.ts';
import type { Sent } from './link-fault.ts';
import { LinkRules, parseLinkRule } from './link-rules.ts';

let clock: SimClock;
let rules: LinkRules;
/** What happened, and when. */
let story: string[];

beforeEach(() => {
  clock = new SimClock();
  rules = new LinkRules();
  story = [];
});

const fault = (name: string, settings = {}, more = {}) =>
  rules.add(parseLinkRule(name, { fault: name, from: 'a', to: 'b', settings, ...more }, ['a', 'b', 'c']));
const tell = (what: string) => story.push(`${clock.monotonic()} ${what}`);

function open(options: Partial<LinkConnectionOptions> = {}) {
  const onReset = () => {
    tell('reset');
    link.close();
  };
  const link: LinkConnection = new LinkConnection({ rules, clock, from: 'a', to: 'b', onReset, ...options });
  const send = (sent: Sent, name = String(sent)) => link.there.send(sent, () => tell(name));
  const answer = (sent: Sent, name = String(sent)) => link.back.send(sent, () => tell(name));
  return { link, send, answer };
}
const runTo = (ms: number) => clock.run(ms);

it('passes everything on at once while nothing is broken', () => {
  const { link, send, answer } = open();
  send('open');
  send(10);
  answer(20);
  expect(link.there.isClear).toBe(true);
  expect(story).toEqual(['0 open', '0 10', '0 20']);
});

describe('latency', () => {
  it('delays both ways, and keeps the order', async () => {
    fault('latency', { latencyMs: 100, jitterMs: 50 });
    const { send, answer } = open();
    for (let n = 1; n <= 20; n++) send(n);
    answer(99);
    await runTo(200);
    const there = story.map(line => Number(line.split(' ')[1])).filter(n => n !== 99);
    expect(there).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    for (const line of story) expect(Number(line.split(' ')[0])).toBeGreaterThanOrEqual(50);
    expect(story).toHaveLength(21);
  });

  it('delays one way only when told so', async () => {
    fault('latency', { latencyMs: 100 }, { oneWay: true });
    const { send, answer } = open();
    send(1);
    answer(2);
    await runTo(100);
    expect(story).toEqual(['0 2', '100 1']);
  });

  it('lets go of what is on its way when it ends', async () => {
    fault('latency', { latencyMs: 60_000 });
    const { send } = open();
    send(1);
    await runTo(10);
    rules.remove('latency');
    send(2);
    await runTo(11);
    expect(story).toEqual(['10 1', '10 2']);
  });

  it('ends without touching what other faults do', async () => {
    fault('latency', { latencyMs: 500 });
    fault('bandwidth', { bytesPerSecond: 1000 });
    const { send } = open();
    send(100);
    await runTo(50);
    rules.remove('latency');
    fault('loss', { probability: 1 });
    await runTo(200);
    expect(story).toEqual(['100 100']);
  });
});

describe('bandwidth', () => {
  it('lets so many bytes a second pass', async () => {
    fault('bandwidth', { bytesPerSecond: 1000 });
    const { link, send } = open();
    for (let n = 0; n < 4; n++) send(250);
    expect(link.there.waitingBytes).toBe(1000);
    await runTo(1000);
    expect(story).toEqual(['250 250', '500 250', '750 250', '1000 250']);
    expect(link.there.waitingBytes).toBe(0);
  });
});

describe('loss', () => {
  it('costs a stream a timeout for each loss, and its order nothing', async () => {
    fault('loss', { probability: 0.2 });
    const { send } = open();
    const delays: number[] = [];
    for (let n = 0; n < 2000; n++) {
      const sentAt = clock.monotonic();
      send(100, 'it');
      while (story.length === n) await runTo(clock.monotonic() + 200);
      delays.push(Number(story[n]!.split(' ')[0]) - sentAt);
    }
    const late = delays.filter(ms => ms >= 200).length / delays.length;
    expect(late).toBeGreaterThan(0.18);
    expect(late).toBeLessThan(0.22);
  });

  it('takes datagrams away', () => {
    fault('loss', { probability: 0.2 });
    const { send } = open({ medium: 'datagrams' });
    for (let n = 0; n < 5000; n++) send(100);
    expect(story.length / 5000).toBeGreaterThan(0.78);
    expect(story.length / 5000).toBeLessThan(0.82);
  });

  it('is another chance on each connection and each way', () => {
    fault('loss', { probability: 0.5 });
    const fates = Array.from({ length: 40 }, () => {
      const { send, answer } = open({ medium: 'datagrams' });
      const before = story.length;
      send(1);
      const there = story.length - before;
      answer(1);
      return `${there}${story.length - before - there}`;
    });
    expect(new Set(fates)).toEqual(new Set(['00', '01', '10', '11']));
  });
});

describe('partition', () => {
  it('holds everything back, and delivers it when it ends', async () => {
    const { send } = open();
    fault('partition');
    send(1);
    send('end');
    await runTo(60_000);
    expect(story).toEqual([]);
    rules.remove('partition');
    await runTo(60_001);
    expect(story).toEqual(['60000 1', '60000 end']);
  });

  it('drops datagrams', async () => {
    fault('partition');
    const { send } = open({ medium: 'datagrams' });
    send(1);
    rules.remove('partition');
    send(2);
    await runTo(1000);
    expect(story).toEqual(['0 2']);
  });
});

describe('black-hole', () => {
  it('swallows what is sent; the connection stays, and breaks when the fault ends', async () => {
    const { link, send, answer } = open();
    send(1);
    fault('black-hole', {}, { oneWay: true });
    send(2);
    send('end');
    answer(3);
    await runTo(60_000);
    expect(story).toEqual(['0 1', '0 3']);
    expect(link.there.waitingBytes).toBe(0);
    rules.remove('black-hole');
    expect(story.slice(2)).toEqual(['60000 reset']);
  });

  it('leaves a connection whole that sent nothing meanwhile', async () => {
    const { send } = open();
    fault('black-hole');
    rules.remove('black-hole');
    send(1);
    expect(story).toEqual(['0 1']);
  });

  it('swallows what a partition held back, and lets datagrams pass again when it ends', async () => {
    fault('partition');
    const stream = open();
    stream.send(1);
    fault('black-hole');
    rules.remove('partition');
    expect(stream.link.there.waitingBytes).toBe(0);
    const datagrams = open({ medium: 'datagrams' });
    datagrams.send(2);
    rules.remove('black-hole');
    datagrams.send(3);
    expect(story).toEqual(['0 reset', '0 3']);
  });
});

describe('reset', () => {
  it('breaks a connection when something is sent, not when it is opened', () => {
    fault('reset');
    const { send } = open();
    send('open');
    send(1);
    send(2);
    expect(story).toEqual(['0 open', '0 reset']);
  });
});

describe('slow-close', () => {
  it('delays the end and nothing else', async () => {
    fault('slow-close', { closeMs: 700 });
    const { send } = open();
    send('open');
    send(1);
    send('end');
    await runTo(1000);
    expect(story).toEqual(['0 open', '0 1', '700 end']);
  });
});

describe('corruption', () => {
  it.each([0.0005, 0.05, 1])('flips one bit in a share of the bytes (%d)', probability => {
    fault('corruption', { probability });
    const { send } = open();
    const counts = { bytes: 0, hit: 0 };
    for (let n = 0; n < 200; n++) {
      const bytes = new Uint8Array(1 + 997 * (n % 3));
      send(bytes, 'it');
      counts.bytes += bytes.length;
      counts.hit += bytes.filter(byte => byte !== 0).length;
      expect(bytes.filter(byte => byte !== 0 && !Number.isInteger(Math.log2(byte)))).toEqual(new Uint8Array());
    }
    const share = counts.hit / counts.bytes;
    const spread = 4 * Math.sqrt((probability * (1 - probability)) / counts.bytes);
    expect(Math.abs(share - probability)).toBeLessThanOrEqual(spread);
    expect(story).toHaveLength(200);
  });

  it('breaks a channel of messages that nobody looks into, and spares opening and end', () => {
    fault('corruption', { probability: 1 });
    const { send } = open();
    send('open');
    send('end');
    send(500);
    expect(story).toEqual(['0 open', '0 end', '0 reset']);
    rules.remove('corruption');
    fault('corruption', { probability: 0 });
    open().send(500);
    expect(story.at(-1)).toBe('0 500');
  });
});

describe('connection-limit', () => {
  it('refuses connections above it, those that were open before included', async () => {
    const first = open();
    fault('connection-limit', { connections: 2 });
    const second = open();
    const third = open();
    expect([first, second, third].map(({ link }) => link.isRefused)).toEqual([false, false, true]);
    third.send(1);
    await runTo(1);
    expect(story).toEqual(['0 reset']);
    first.send(2);
    second.link.close();
    second.link.close();
    expect(open().link.isRefused).toBe(false);
    expect(open().link.isRefused).toBe(true);
    expect(first.link.there.isClear).toBe(true);
  });

  it('counts each wire for itself, by who opens', () => {
    fault('connection-limit', { connections: 1 }, { from: '*', to: '*' });
    const refused = (from: string, to: string) => open({ from, to }).link.isRefused;
    expect([refused('a', 'b'), refused('b', 'a'), refused('a', 'c'), refused('a', 'b')]).toEqual([
      ...[false, false, false, true],
    ]);
  });

  it('says nothing to a refused connection that was closed before it heard', async () => {
    fault('connection-limit', { connections: 0 });
    open().link.close();
    await runTo(1);
    expect(story).toEqual([]);
  });
});

it('toxicity is the share of connections that meet a fault', () => {
  fault('black-hole', {}, { toxicity: 0.3 });
  for (let n = 0; n < 2000; n++) open().send(1);
  expect(story.length / 2000).toBeGreaterThan(0.66);
  expect(story.length / 2000).toBeLessThan(0.74);
});

it('saying the same rules twice changes nothing for connections', async () => {
  fault('bandwidth', { bytesPerSecond: 1000 });
  const { send } = open();
  send(500);
  rules.replace(rules.all.map(rule => ({ ...rule })));
  send(500);
  await runTo(2000);
  expect(story).toEqual(['500 500', '1000 500']);
});
