/**
 * Every operation of the SDK clients: what the SDK serialises is read back equal, what we write is read back equal by
 * the SDK. The official SDK is the judge of all protocols at once.
 */
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '@stormglass/base';
import { expect, it } from 'vitest';
import { codecOf, readInput, resolve } from './protocols/dispatch.ts';
import { membersOf, type Operation } from './schema/service-model.ts';
import { normalize, RandomShapes } from './testing/random-shape.ts';
import { sdkServices, testSeed } from './testing/sdk-services.ts';
import { SdkWire } from './testing/sdk-wire.ts';

const REPETITIONS = 2;

// The same method and path as ListBuckets; in AWS the host name tells them apart.
const SAME_ROUTE_AS_ANOTHER = new Set(['s3:ListDirectoryBuckets']);

/** Members that the SDK fills in by itself, and catch-alls that hold what has been read elsewhere as well. */
function withoutArtefacts(operation: Operation, structure: string | undefined, value: Record<string, unknown>): object {
  const out = { ...value };
  for (const [member, shape] of structure === undefined ? [] : membersOf(operation.model, structure)) {
    const isFilledIn = shape.location === 'header' && shape.locationName?.toLowerCase() === 'content-type';
    if (shape.streaming || shape.location === 'queryParams' || shape.location === 'status' || isFilledIn)
      delete out[member];
  }
  return normalize(out) as object;
}

const hasEventStream = ({ model }: Operation, structure: string | undefined): boolean =>
  structure !== undefined &&
  membersOf(model, structure).some(([, shape]) => shape.streaming === true && shape.type === 'structure');

for (const service of sdkServices()) {
  const { id, model } = service;
  const wire = new SdkWire(service);
  const seed = testSeed();
  const show = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item));

  it(`reads what the SDK sends to ${id} (${model.operations.size} operations, seed ${seed})`, async () => {
    const shapes = new RandomShapes(seededRandom(seed), model);
    const wrong: string[] = [];
    for (const operation of model.operations.values()) {
      const { name, input: structure } = operation;
      if (hasEventStream(operation, structure) || SAME_ROUTE_AS_ANOTHER.has(`${id}:${name}`)) continue;
      for (let i = 0; i < REPETITIONS; i++) {
        const input = structure === undefined ? {} : shapes.structure(structure);
        try {
          const request = await wire.request(name, structuredClone(input));
          const call = resolve(model, request);
          const wanted = withoutArtefacts(operation, structure, input);
          const got = withoutArtefacts(operation, structure, readInput(call, request));
          if (call.operation.name !== name) wrong.push(`${name}: taken for ${call.operation.name}`);
          else if (!isDeepStrictEqual(got, wanted)) wrong.push(`${name}: ${show(wanted)} read as ${show(got)}`);
        } catch (error) {
          wrong.push(`${name}: ${error} for ${show(input)}`);
        }
      }
    }
    expect(wrong.slice(0, 5), `${wrong.length} wrong`).toEqual([]);
  });

  it(`writes what the SDK reads from ${id} (seed ${seed})`, async () => {
    const shapes = new RandomShapes(seededRandom(seed + 1), model);
    const wrong: string[] = [];
    for (const operation of model.operations.values()) {
      const { name, output: structure } = operation;
      if (structure === undefined || hasEventStream(operation, structure)) continue;
      for (let i = 0; i < REPETITIONS; i++) {
        const output = shapes.structure(structure);
        try {
          const response = codecOf(model, model.protocols[0]).writeOutput(operation, output, 'request-id', {});
          const wanted = withoutArtefacts(operation, structure, output);
          const got = withoutArtefacts(operation, structure, await wire.output(name, response));
          if (!isDeepStrictEqual(got, wanted)) wrong.push(`${name}: ${show(wanted)} read as ${show(got)}`);
        } catch (error) {
          wrong.push(`${name}: ${error} for ${show(output)}`);
        }
      }
    }
    expect(wrong.slice(0, 5), `${wrong.length} wrong`).toEqual([]);
  });
}
