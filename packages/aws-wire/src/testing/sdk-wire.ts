/** The client half of the wire, out of an SDK package: serialises inputs and reads responses without any network. */
import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { WireRequest, WireResponse } from '../wire-message.ts';
import type { ClientModule, SdkService } from './sdk-services.ts';

interface SdkRequest {
  method: string;
  path: string;
  query: Record<string, string | string[] | null | undefined>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

interface SdkProtocol {
  serializeRequest(operation: object, input: object, context: object): Promise<SdkRequest>;
  deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<Record<string, unknown>>;
}

type Config = Record<string, unknown> & { protocol: SdkProtocol };

export class SdkWire {
  readonly #protocol: SdkProtocol;
  readonly #context: object;
  readonly #client: ClientModule;
  readonly #isS3: boolean;

  constructor({ id, client }: SdkService) {
    this.#isS3 = id === 's3';
    const name = Object.keys(client).find(key => /^(?!__).+Client$/.test(key))!;
    const Client = client[name] as new (config: object) => { config: Config };
    const { config } = new Client({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
    this.#client = client;
    this.#protocol = config.protocol;
    this.#context = {
      ...config,
      endpoint: async () => ({ protocol: 'http:', hostname: 'localhost', path: '/' }),
      endpointV2: undefined,
      isCustomEndpoint: undefined,
    };
  }

  async request(operation: string, input: object): Promise<WireRequest> {
    const sent = await this.#protocol.serializeRequest(this.#operation(operation), input, this.#context);
    const pairs = Object.entries(sent.query).flatMap(([name, value]) =>
      [value].flat().map(item => encodeURIComponent(name) + (item == null ? '' : `=${encodeURIComponent(item)}`)),
    );
    // The SDK's S3 client leaves the bucket to the endpoint, which puts it into the host name.
    const bucket = this.#isS3 && 'Bucket' in input ? String(input.Bucket) : undefined;
    return {
      ...(bucket !== undefined && { hostBucket: bucket }),
      method: sent.method,
      path: sent.path,
      query: pairs.join('&'),
      headers: Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: Buffer.from(sent.body ?? ''),
    };
  }

  async output(operation: string, response: WireResponse): Promise<Record<string, unknown>> {
    const received = new HttpResponse({
      statusCode: response.status,
      headers: response.headers,
      body: Readable.from([Buffer.from((response.body ?? '') as string)]),
    });
    return this.#protocol.deserializeResponse(this.#operation(operation), this.#context, received);
  }

  #operation(name: string): object {
    const [, namespace, , traits, input, output] = this.#client[`${name}$`] as unknown[];
    return { name, namespace, traits: typeof traits === 'object' ? traits : {}, input, output };
  }
}
