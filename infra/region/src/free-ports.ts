/** Ports for the zones: the ones behind the front door's where they are free, else whatever the system gives. */
import { createServer } from 'node:net';

/** Resolves to `count` ports that were free a moment ago. `first` 0 asks the system for all of them. */
export async function choosePorts(host: string, first: number, count: number): Promise<number[]> {
  const wanted = Array.from({ length: count }, (_, i) => (first === 0 ? 0 : first + i));
  return Promise.all(wanted.map(port => tryPort(host, port).catch(() => tryPort(host, 0))));
}

function tryPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
