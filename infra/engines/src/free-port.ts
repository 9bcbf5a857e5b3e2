/** Ports from the system, so that suites can run side by side. */
import { type AddressInfo, createServer } from 'node:net';

/**
 * `count` different ports of 127.0.0.1 that were free a moment ago. All are held until the last one is known, so that
 * the system cannot hand out the same one twice.
 */
export async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      holders.map(
        holder =>
          new Promise<number>((resolve, reject) => {
            holder.once('error', reject);
            holder.listen(0, '127.0.0.1', () => resolve((holder.address() as AddressInfo).port));
          }),
      ),
    );
  } finally {
    await Promise.all(holders.map(holder => new Promise<void>(resolve => holder.close(() => resolve()))));
  }
}
