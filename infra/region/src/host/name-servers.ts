/** Names of the servers of every hosted zone: as many as AWS has for one, spread over the zones; every zone says the same. */
const NAME_SERVERS = 4;

/** Without the last dot; `zones` are ids. */
export const nameServersOf = (region: string, zones: readonly string[]): readonly string[] =>
  Array.from({ length: NAME_SERVERS }, (_, i) => {
    const zone = zones.toSorted()[i % zones.length]!;
    return `ns-${i + 1}.${zone}.${region}.stormglass.internal`;
  });
