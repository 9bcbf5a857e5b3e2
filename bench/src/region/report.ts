/** The results as a Markdown page. */
import { table } from '../page.ts';
import { aims } from './aims.ts';
import { callsPerSecond, cpuPerCall, medianOf, ratio, select, type Value } from './comparison.ts';
import type { Measurement } from './measurement.ts';
import type { Results } from './results.ts';
import type { Footprint } from './section-memory.ts';
import type { Profile } from './section-profile.ts';

const FUNCTIONS_SHOWN = 12;

export function report(results: Results): string {
  const { machine, rounds, seconds, startUp, memory, calls, tokens, engines, telemetry, profiles } = results;
  const parts = [
    '# Benchmarks',
    'Written by `node bench/src/region.ts --write`. All servers run on one machine, in turn within each round, under the same load generator; figures are medians over the rounds, ratios are medians of the ratios within a round. Compare figures of one run with each other and with nothing else.',
    `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}; ${rounds} rounds of ${seconds} s; ${machine.begun}. The machine was shared: its load average was ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} after, and other work takes its share of every figure that is a rate or a time. CPU per call suffers less.`,
  ];
  const met = aims(results);
  if (met.length > 0) {
    const rows = met.map(({ what, aim, measured, met }) => [
      what,
      aim,
      measured,
      met === undefined ? '' : met ? 'yes' : '**no**',
    ]);
    parts.push('## Aims', table(['', 'Aim', 'Measured', 'Met'], rows));
  }
  if (startUp !== undefined) {
    parts.push(
      '## Start-up',
      'From typing `stormglass up` until it says that all three zones serve and confirm writes, and until a first `CreateUser` sent then is acknowledged. Cold: nothing was compiled before and the folder is empty; warm: the same folder a second time.',
      table(
        ['', 'Ready (ms)', 'First write (ms)'],
        [
          ['cold', ms(startUp.coldReadyMs), ms(startUp.coldFirstWriteMs)],
          ['warm', ms(startUp.warmReadyMs), ms(startUp.warmFirstWriteMs)],
        ],
      ),
    );
  }
  if (memory !== undefined) {
    const row = (when: string, { totalMiB, worldMiB, zonesMiB, cpuPercent }: Footprint) => [
      ...[when, ms(totalMiB), ms(worldMiB), ms(zonesMiB), cpuPercent.toFixed(1)],
    ];
    parts.push(
      '## Memory and rest',
      'Proportional set size of all processes; CPU while nothing is asked of the region, in percent of one core (health probes, pings).',
      table(
        ['', 'All (MiB)', 'World', 'Three zones', 'CPU (%)'],
        [row('after start', memory.idle), ...(memory.loaded === undefined ? [] : [row('after load', memory.loaded)])],
      ),
    );
  }
  if (calls !== undefined) {
    parts.push(
      '## Calls',
      "The caller is an IAM user with five managed policies; every request is signed and every answer checked. `region` is the front door, which spreads connections over three zones; `one zone` goes to one zone's own port and is one process, like the bare servers, which answer the same signed POST with the same bytes. CPU is that of the server's processes, user and system time; `Cores` is how much of the machine server and generator got together. `CreateUser` answers when two zones have the command on disk.",
      callTable(calls),
      '### Ratios',
      ratioTable(calls),
    );
    if (!calls.some(each => each.server === 'moto')) parts.push('moto is not installed here and was left out.');
  }
  if (tokens !== undefined) {
    const row = (what: string, micros: number) => [what, micros.toFixed(1)];
    parts.push(
      '## Session tokens',
      'CPU time in one process, without a network: from access key id and token to the principal and its secret. A token is opened once and then remembered; `never seen before` is what the first request of a session pays.',
      table(
        ['', 'µs'],
        [
          row('sealed', tokens.sealMicros),
          row('verified, never seen before', tokens.coldMicros),
          row('verified again', tokens.warmMicros),
        ],
      ),
    );
  }
  if (engines !== undefined) {
    parts.push(
      '## Engines',
      "The same region on its embedded engine and on JetStream, three NATS servers that sync every write. CPU is the region's; that of the NATS servers comes on top.",
      callTable(engines),
    );
  }
  if (telemetry !== undefined) parts.push(...telemetryPart(telemetry));
  for (const [i, profile] of (profiles ?? []).entries()) {
    if (i === 0)
      parts.push(
        '## Where the CPU goes',
        'The main thread of one zone that gets all the calls, sampled; idle time is left out. Native functions belong to whoever called them.',
      );
    parts.push(...profilePart(profile));
  }
  return `${parts.join('\n\n')}\n`;
}

function callTable(measurements: readonly Measurement[]): string {
  const names = [...new Set(measurements.map(m => `${m.operation}|${m.server}|${m.inFlight}`))].sort();
  const rows = names.map(name => {
    const [operation, server, inFlight] = name.split('|') as [string, string, string];
    const some = select(measurements, operation, server, Number(inFlight));
    const errors = some.reduce((sum, each) => sum + each.result.errors, 0);
    const generator = medianOf(some, result => result.generatorMicrosPerCall);
    return [
      ...[operation, server, inFlight, Math.round(medianOf(some, callsPerSecond)).toLocaleString('en')],
      ...[medianOf(some, r => r.p50Ms).toFixed(2), medianOf(some, r => r.p99Ms).toFixed(2)],
      ...[
        medianOf(some, cpuPerCall).toFixed(0),
        generator.toFixed(0),
        medianOf(some, coresUsed).toFixed(1),
        String(errors),
      ],
    ];
  });
  return table(
    [
      'Call',
      'Server',
      'In flight',
      'Calls/s',
      'p50 (ms)',
      'p99 (ms)',
      'CPU (µs/call)',
      'Generator (µs/call)',
      'Cores',
      'Errors',
    ],
    rows,
  );
}

/** How much of the machine server and generator got; little of it means that others had the rest. */
const coresUsed: Value = ({ cpuMicrosPerCall, generatorMicrosPerCall, callsPerSecond }) =>
  ((cpuMicrosPerCall + generatorMicrosPerCall) * callsPerSecond) / 1e6;

function ratioTable(calls: readonly Measurement[]): string {
  const pairs = [
    ['GetCallerIdentity', 'region', 'bare node:http', 64, 64],
    ['GetCallerIdentity', 'one zone', 'bare node:http', 64, 64],
    ['GetCallerIdentity', 'one zone', 'bare Fastify', 64, 64],
    ['GetCallerIdentity', 'one zone', 'bare node:http', 1, 1],
    ['GetCallerIdentity', 'region', 'moto', 64, 4],
    ['GetRole', 'region', 'moto', 64, 4],
    ['CreateUser', 'region', 'moto', 64, 4],
  ] as const;
  const rows = pairs.flatMap(([operation, a, b, inA, inB]) => {
    const [left, right] = [select(calls, operation, a, inA), select(calls, operation, b, inB)];
    const rate = ratio(left, right, callsPerSecond);
    const cpu = ratio(left, right, cpuPerCall);
    if (rate === undefined || cpu === undefined) return [];
    return [
      [operation, `${a} ÷ ${b}`, `${inA} ÷ ${inB}`, rate.toFixed(2), cpu < 0.1 ? cpu.toFixed(3) : cpu.toFixed(2)],
    ];
  });
  return table(['Call', 'Servers', 'In flight', 'Calls/s', 'CPU per call'], rows);
}

function telemetryPart(telemetry: readonly Measurement[]): string[] {
  const silent = select(telemetry, 'GetCallerIdentity', 'silent', 64);
  const telling = select(telemetry, 'GetCallerIdentity', 'telling', 64);
  const cpu = ratio(telling, silent, cpuPerCall);
  const rate = ratio(telling, silent, callsPerSecond);
  return [
    '## Telemetry',
    `With an OTLP endpoint that takes everything (\`telling\`) and without one. A call costs ${cpu?.toFixed(2)}× the CPU, and there are ${rate?.toFixed(2)}× as many a second.`,
    callTable(telemetry),
  ];
}

function profilePart({ operation, microsPerCall, functions }: Profile): string[] {
  const total = functions.reduce((sum, each) => sum + each.micros, 0);
  const share = (micros: number) => `${((100 * micros) / total).toFixed(1)} %`;
  const parts = new Map<string, number>();
  for (const { part, micros } of functions) parts.set(part, (parts.get(part) ?? 0) + micros);
  const longest = [...parts].sort((a, b) => b[1] - a[1]);
  const top = functions.slice(0, FUNCTIONS_SHOWN);
  return [
    `### ${operation}, ${microsPerCall.toFixed(0)} µs a call while profiled`,
    table(
      ['Part', 'Share'],
      longest.map(([part, micros]) => [part, share(micros)]),
    ),
    table(
      ['Function', 'Part', 'Self time'],
      top.map(({ name, part, micros }) => [`\`${name}\``, part, share(micros)]),
    ),
  ];
}

const ms = (value: number): string => value.toFixed(0);
