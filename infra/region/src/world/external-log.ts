/** A log that is kept outside the region, and which of its servers a zone turns to. */

/** A cluster that keeps the logs instead of the embedded engine. Servers are listed by zone id; `*` stands for every zone. */
export interface ExternalLog {
  readonly kind: 'jetstream' | 'etcd';
  readonly servers: Readonly<Record<string, readonly string[]>>;
}

/** The zone's own servers first, then the others, to fall back on. */
export function serversOf({ servers }: ExternalLog, zone: string): readonly string[] {
  const own = servers[zone] ?? [];
  return [
    ...own,
    ...Object.values(servers)
      .flat()
      .filter(server => !own.includes(server)),
  ];
}
