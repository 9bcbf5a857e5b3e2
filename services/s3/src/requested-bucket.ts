/** The bucket that a request names, before anything else of it is understood. */
import type { RequestHead } from '@stormglass/service-kit';

/** In the host name, or in the path; undefined where there is none. */
export function requestedBucket({ path, hostBucket }: Pick<RequestHead, 'path' | 'hostBucket'>): string | undefined {
  if (hostBucket !== undefined) return hostBucket;
  const slash = path.indexOf('/', 1);
  const name = path.startsWith('/') ? path.slice(1, slash < 0 ? path.length : slash) : (path.split('/', 2)[1] ?? '');
  if (name === '') return undefined;
  try {
    return name.includes('%') ? decodeURIComponent(name) : name;
  } catch {
    return undefined;
  }
}

/** Whether the request is about an object. */
export function hasKey({ path, hostBucket }: Pick<RequestHead, 'path' | 'hostBucket'>): boolean {
  const slash = hostBucket === undefined ? path.indexOf('/', 1) : 0;
  return slash >= 0 && slash < path.length - 1;
}
