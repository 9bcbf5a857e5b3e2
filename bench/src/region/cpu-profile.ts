/** Reads V8 CPU profiles: how long each function ran itself, between two moments, and to which part of the work it belongs. */
import { readFileSync } from 'node:fs';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** A `.cpuprofile` file, as `--cpu-prof` writes it; times in microseconds of the monotonic clock. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly part: string;
  readonly name: string;
  readonly micros: number;
}

/** Self times by function, longest first; idle time is left out. */
export function selfTimes(path: string, fromMicros: number, toMicros: number): SelfTime[] {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
  const places = placesOf(profile);
  const micros = new Map<string, SelfTime>();
  let now = profile.startTime;
  for (const [i, id] of profile.samples.entries()) {
    now += profile.timeDeltas[i]!;
    if (now < fromMicros || now > toMicros) continue;
    const place = places.get(id)!;
    if (place.part === 'idle') continue;
    const key = `${place.part} ${place.name}`;
    micros.set(key, { ...place, micros: (micros.get(key)?.micros ?? 0) + (profile.timeDeltas[i + 1] ?? 0) });
  }
  return [...micros.values()].sort((a, b) => b.micros - a.micros);
}

type Place = Pick<SelfTime, 'part' | 'name'>;

/** Functions of the runtime's own native code belong to whoever called them. */
function placesOf({ nodes }: CpuProfile): Map<number, Place> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const places = new Map<number, Place>();
  const walk = (node: ProfileNode, inherited: string) => {
    const part = partOf(node.callFrame) ?? inherited;
    places.set(node.id, { part, name: nameOf(node.callFrame) });
    for (const child of node.children ?? []) walk(byId.get(child)!, part);
  };
  walk(nodes[0]!, 'runtime');
  return places;
}

const nameOf = ({ functionName, url }: CallFrame): string => {
  const file = url
    .replace(/^.*\/node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?/, '')
    .replace(/^file:\/\/.*\/(?=(?:packages|services|infra)\/)/, '');
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}`}`;
};

function partOf({ functionName, url }: CallFrame): string | undefined {
  if (url === '') return BY_NAME[functionName];
  return BY_FILE.find(([pattern]) => pattern.test(url))?.[1];
}

const BY_NAME: Readonly<Record<string, string>> = {
  '(idle)': 'idle',
  '(garbage collector)': 'garbage collection',
  '(program)': 'native code outside JavaScript',
  writev: 'socket write',
  writeBuffer: 'socket write',
  writeLatin1String: 'socket write',
  writeUtf8String: 'socket write',
};

/** First match wins. */
const BY_FILE: readonly (readonly [RegExp, string])[] = [
  [/aws-wire\/src\/sigv4\//, 'SigV4'],
  [/aws-wire\//, 'wire codec'],
  [/packages\/identity\//, 'identities and policies'],
  [/packages\/replicated-state\//, 'log and replica'],
  [/service-kit\/src\/(http-host|request-body)/, 'HTTP host'],
  [/packages\/service-kit\//, 'pipeline'],
  [/packages\/base\/|infra\/region\/src\/line-file/, 'ids and logging'],
  [/services\//, 'operations'],
  [/fastify|find-my-way|avvio/, 'Fastify'],
  [/node:internal\/crypto/, 'SigV4'],
  [/node:_http|node:internal\/http/, 'node:http'],
  [/node:(internal\/)?(net|stream|streams|js_stream|events|buffer)/, 'node streams and sockets'],
  [/node:internal\/(timers|process|async_hooks|util|abort_controller)|node:timers/, 'timers and scheduling'],
  [/node:internal\/fs|node:fs/, 'disk'],
];
