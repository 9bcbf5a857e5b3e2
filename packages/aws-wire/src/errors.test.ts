/** Every modelled error arrives at the SDK client as its own class, with its message, its members and the request id. */
import { expect, it } from 'vitest';
import { AwsError } from './aws-error.ts';
import { writeError } from './protocols/dispatch.ts';
import { modelledError } from './protocols/error-report.ts';
import { membersOf } from './schema/service-model.ts';
import { type SdkService, sdkServices } from './testing/sdk-services.ts';
import { SdkWire } from './testing/sdk-wire.ts';
import type { WireRequest } from './wire-message.ts';

const request: WireRequest = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) };

type Received = Record<string, unknown> & { $metadata: { requestId?: string } };

async function received({ model }: SdkService, wire: SdkWire, error: unknown): Promise<Received> {
  const [operation = ''] = model.operations.keys();
  try {
    await wire.output(operation, writeError(model, error, request, 'request-id'));
  } catch (thrown) {
    return thrown as Received;
  }
  throw new Error('the SDK saw no error');
}

for (const service of sdkServices()) {
  const { id, model, client } = service;
  const wire = new SdkWire(service);
  const errors = Object.entries(model.schema.errors);
  // Clients of query-compatible services go by the code, so of two errors with one code they know only the first
  // (CloudWatch's DashboardNotFoundError, whose code is ResourceNotFound).
  const isShadowed = (shape: string, code: string) =>
    model.queryCompatible && errors.some(([other, error]) => other !== shape && error.code === code);
  const shapes = errors.filter(([shape, { code }]) => !isShadowed(shape, code)).map(([shape]) => shape);

  it(`${id}: ${shapes.length} modelled errors`, async () => {
    for (const shape of shapes) {
      const members = membersOf(model, shape).filter(
        ([name, { type }]) => type === 'string' && !/^message$/i.test(name),
      );
      const fields = Object.fromEntries(members.map(([name]) => [name, `<${name}>`]));
      const got = await received(service, wire, modelledError(model, shape, 'a <message>', fields));
      expect(got, shape).toBeInstanceOf(client[shape]);
      expect(got, shape).toMatchObject({ message: 'a <message>', ...fields });
      expect(got.$metadata.requestId, shape).toBe('request-id');
    }
  });

  it(`${id}: errors beyond the model keep their code`, async () => {
    const got = await received(service, wire, new AwsError('ThrottlingExceptionOfOurs', 400, 'slow down'));
    expect(got).toMatchObject({ name: 'ThrottlingExceptionOfOurs', message: 'slow down' });
  });

  it(`${id}: a bug tells nothing about itself`, () => {
    const response = writeError(model, new TypeError('secret detail'), request, 'request-id');
    expect(response.status).toBe(500);
    expect(JSON.stringify(response)).toMatch(/Internal(?:Failure|Error)/);
    expect(JSON.stringify(response)).not.toContain('secret detail');
  });
}
