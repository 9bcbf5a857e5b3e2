import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Link } from './link.ts';
import { until } from './poll.ts';

const server = createServer(socket => socket.on('error', () => {}).pipe(socket));
let link: Link;
let client: Socket;
let received = '';

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = new Link({
    target: (server.address() as AddressInfo).port,
    identify: chunk => (chunk.includes('from seven') ? 7 : undefined),
  });
  await link.listen();
  received = '';
  client = connect(link.port, '127.0.0.1');
  client.on('data', chunk => {
    received += chunk;
  });
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await link.close();
  server.close();
});

const heard = (text: string) => until(`"${text}"`, 5_000, () => received.endsWith(text));

it('passes bytes on in both directions', async () => {
  client.write('hello');
  await heard('hello');
});

it('holds everything back while silent, and delivers it when healed', async () => {
  client.write('before');
  await heard('before');
  link.silence(() => true);
  client.write(' meanwhile');
  const late = connect(link.port, '127.0.0.1');
  await once(late, 'connect');
  late.write('late');
  expect(received).toBe('before');
  link.heal();
  await heard('before meanwhile');
  const [echo] = await once(late, 'data');
  expect(String(echo)).toBe('late');
  late.destroy();
});

it('silences only the dialler it is told to, from the moment it knows who that is', async () => {
  link.silence(from => from === 7);
  client.write('anonymous');
  await heard('anonymous');
  client.write(' from seven');
  link.silence(from => from === 8);
  await heard('anonymous from seven');
});
