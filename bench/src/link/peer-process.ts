/** The far end of a link that is measured, in a process of its own: echoes TCP and UDP, and counts what only comes in. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';
const listening = async (server: Server): Promise<number> => {
  server.listen(0, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const sockets = { allowHalfOpen: true, noDelay: true };
const echo = createServer(sockets, socket => socket.on('error', () => socket.destroy()).pipe(socket));
/** Answers with the number of bytes when they have ended. */
const sink = createServer(sockets, socket => {
  let bytes = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', chunk => (bytes += chunk.length));
  socket.on('end', () => socket.end(String(bytes)));
});
const datagrams = createSocket('udp4').bind(0, HOST);
datagrams.on('message', (datagram, { port, address }) => datagrams.send(datagram, port, address));
await once(datagrams, 'listening');

process.once('disconnect', () => process.exit());
process.send?.({ echo: await listening(echo), sink: await listening(sink), udp: datagrams.address().port });
