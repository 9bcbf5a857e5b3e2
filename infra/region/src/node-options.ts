/** How the processes of zones run Node: hosts of an embedded region and containers alike, because both carry bodies. */

/**
 * Bodies pass through a host in buffers outside the heap of V8, which by itself looks through all of its heap whenever
 * 32 MiB of them have come together: a quarter of what a large object costs. With this they count as part of the heap,
 * and most of them go when what is young in it is looked through. Compiled code is kept by the options of V8: whoever is
 * to find what another process has compiled needs the same.
 */
export const HEAP_OPTIONS: readonly string[] = ['--external-memory-accounted-in-global-limit'];

/** Of a process with files: who reads one does not wait behind all who sync theirs, as they do with Node's own four. */
export const FILE_THREADS: Readonly<Record<string, string>> = { UV_THREADPOOL_SIZE: '16' };
