/** What is sent over a wire to measure it: messages that come back, streams, datagrams. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const CHUNK = Buffer.alloc(256 * 1024, 7);

export async function open(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Resolves to what has come back when it is as long as `message`. */
export async function echoed(socket: Socket, message: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let missing = message.length;
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      missing -= chunk.length;
      if (missing > 0) return;
      socket.off('data', onData).off('error', reject);
      resolve();
    };
    socket.on('data', onData).once('error', reject);
    socket.write(message);
  });
  return Buffer.concat(chunks);
}

/** Milliseconds until all of a message has come back. */
export async function roundTripMs(socket: Socket, message: Buffer): Promise<number> {
  const began = performance.now();
  await echoed(socket, message);
  return performance.now() - began;
}

/** MB/s of one stream that the peer only reads, from the first byte until it confirms the last. */
export async function streamRate(port: number, bytes: number): Promise<number> {
  const began = performance.now();
  const socket = await open(port);
  let answer = '';
  socket.on('data', text => (answer += String(text)));
  let sent = 0;
  for (; sent < bytes; sent += CHUNK.length) if (!socket.write(CHUNK)) await once(socket, 'drain');
  const ended = once(socket, 'end');
  socket.end();
  await ended;
  if (Number(answer) !== sent) throw new Error(`the peer has ${answer} of ${sent} bytes`);
  return sent / 1e3 / (performance.now() - began);
}

/** MB/s of one stream that the peer sends back, so that as much passes the other way. */
export async function echoRate(port: number, bytes: number): Promise<number> {
  const began = performance.now();
  const socket = await open(port);
  let back = 0;
  socket.on('data', chunk => (back += chunk.length));
  const ended = once(socket, 'end');
  for (let sent = 0; sent < bytes; sent += CHUNK.length) if (!socket.write(CHUNK)) await once(socket, 'drain');
  socket.end();
  await ended;
  return back / 1e3 / (performance.now() - began);
}

/** Milliseconds from the end of a stream until the peer has answered it. */
export async function closeMs(port: number): Promise<number> {
  const socket = await open(port);
  const ended = once(socket.resume(), 'end');
  const began = performance.now();
  socket.end('x');
  await ended;
  return performance.now() - began;
}

/** The share of messages, one segment each, that a lost segment delayed: a retransmission takes 200 ms or more. */
export async function segmentsDelayed(port: number, connections: number, each: number): Promise<number> {
  const message = Buffer.alloc(100);
  let delayed = 0;
  const one = async () => {
    const socket = await open(port);
    for (let n = 0; n < each; n++) if ((await roundTripMs(socket, message)) >= 190) delayed++;
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, one));
  return delayed / (connections * each);
}

/** Few enough for the buffers of the system, which drop what does not fit, and that would not be the link's doing. */
const BATCH = 80;

/** The share of datagrams that do not come back, sent from as many ports in turn. */
export async function datagramsLost(port: number, senders: number, count: number): Promise<number> {
  let back = 0;
  const sockets = Array.from({ length: senders }, () => createSocket('udp4').on('message', () => back++));
  for (let sent = 0; sent < count; ) {
    for (let n = 0; n < BATCH; n++) sockets[sent++ % senders]!.send(Buffer.alloc(100), port, HOST);
    await quiet(() => back, 40);
  }
  await quiet(() => back, 1000);
  for (const socket of sockets) socket.close();
  return 1 - back / (Math.ceil(count / BATCH) * BATCH);
}

/** Resolves when a figure has not changed for so long. */
async function quiet(figure: () => number, ms: number): Promise<void> {
  for (let last = -1; last !== figure(); ) {
    last = figure();
    await new Promise(resolve => setTimeout(resolve, ms));
  }
}

/** The share of bytes that come back changed. */
export async function bytesChanged(port: number, count: number): Promise<number> {
  const socket = await open(port);
  const back = await echoed(socket, Buffer.alloc(count));
  socket.destroy();
  return back.filter(byte => byte !== 0).length / count;
}
