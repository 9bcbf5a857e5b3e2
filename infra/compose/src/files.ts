/** The Compose files of the repository, and what each is for. */
import { type ComposeDocument, generate } from './generate.ts';
import { machines } from './machine.ts';
import { yamlText } from './yaml-text.ts';

interface RegionFile {
  readonly about: string;
  readonly document: ComposeDocument;
}

const FILES: Readonly<Record<string, RegionFile>> = {
  'region.yaml': {
    about: 'A region of three zones; its log is kept by NATS JetStream.',
    document: generate('us-east-1', 3, { engine: 'jetstream', ordinal: 0 }),
  },
  'region-etcd.yaml': {
    about: 'A region of three zones; its log is kept by etcd.',
    document: generate('us-east-1', 3, { engine: 'etcd', ordinal: 0 }),
  },
  'region-ap-southeast-2.yaml': {
    about: 'A second region beside that of region.yaml, in the same partition; started after it and stopped before it.',
    document: generate('ap-southeast-2', 3, {
      ...{ engine: 'jetstream', ordinal: 1 },
      joins: { region: 'us-east-1', zoneCount: 3 },
    }),
  },
  'single.yaml': {
    about: 'A region of one zone, for small machines: nothing in it survives the loss of a zone.',
    document: generate('us-east-1', 1, { engine: 'jetstream', ordinal: 0 }),
  },
};

const textsOf = (files: Readonly<Record<string, RegionFile>>, manual: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([name, { about, document }]) => {
      const comment = ` ${about}\n Written by infra/compose/src/main.ts; ${manual} says how to run it.`;
      return [name, yamlText(document, comment)];
    }),
  );

/** The texts of those for one machine, by name. */
export const composeFiles = () => textsOf(FILES, 'compose/README.md');

/** The texts of those for several machines, by name. */
export const machineFiles = () => textsOf(machines('us-east-1', 3), 'docs/more-than-one-machine.md');
