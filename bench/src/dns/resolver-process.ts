/** A resolver in a process of its own, for `dns.ts`: it says its port, and ends with whoever started it. */
import { silentLogger, systemClock } from '@stormglass/base';
import { startDnsServer } from '@stormglass/dns';
import { exampleResolver } from '@stormglass/dns/testing';

const { port } = await startDnsServer({
  resolver: exampleResolver(),
  host: '127.0.0.1',
  port: 0,
  clock: systemClock,
  logger: silentLogger,
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
