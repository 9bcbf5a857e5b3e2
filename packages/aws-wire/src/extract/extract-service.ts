/** Extracts a service schema from the namespace object of an SDK v3 client package. Development time only. */
import type {
  ErrorSchema,
  HttpBinding,
  OperationSchema,
  ProtocolName,
  ServiceSchema,
  Structure,
} from '../schema/service-schema.ts';
import { dereference, expandTraits, KIND, type SdkSchema, type SdkTraits, shapeOf } from './sdk-schema.ts';

export interface ExtractOptions {
  id: string;
  /** Names of the operations to extract with everything they reach; all of them when absent. */
  operations?: readonly string[];
  /** Protocols that the service speaks besides the one its SDK client speaks. */
  alsoSpeaks?: readonly ProtocolName[];
}

const PROTOCOLS: Record<string, ProtocolName> = {
  'aws.protocols#awsQuery': 'query',
  'aws.protocols#ec2Query': 'ec2Query',
  'aws.protocols#awsJson1_0': 'awsJson1_0',
  'aws.protocols#awsJson1_1': 'awsJson1_1',
  'aws.protocols#restXml': 'restXml',
  'aws.protocols#restJson1': 'restJson',
};

// S3 models some errors without their HTTP status; these are the documented ones.
const S3_ERROR_STATUS: Record<string, number> = {
  NotFound: 404,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  ObjectAlreadyInActiveTierError: 403,
  ObjectNotInActiveTierError: 403,
  NoSuchUpload: 404,
};

interface ClientConfig {
  protocol: { getShapeId(): string };
  defaultSigningName: string;
  protocolSettings: {
    defaultNamespace: string;
    xmlNamespace?: string;
    version: string;
    serviceTarget: string;
    awsQueryCompatible?: boolean;
    errorTypeRegistries: { exceptions: Map<SdkSchema, unknown> }[];
  };
}

type ClientModule = Readonly<Record<string, unknown>>;

/** The one export of a client package that is the client itself. */
function clientConfig(client: ClientModule): ClientConfig {
  const name = Object.keys(client).find(key => /^(?!__).+Client$/.test(key));
  if (name === undefined) throw new Error('no client class found');
  const Client = client[name] as new (config: object) => { config: ClientConfig };
  return new Client({ region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } }).config;
}

const operationSchemas = (client: ClientModule): SdkSchema[] =>
  Object.entries(client)
    .filter(([key, value]) => key.endsWith('$') && Array.isArray(value) && value[0] === KIND.operation)
    .map(([, value]) => value as SdkSchema);

/** Reads everything but the constraints, which the SDK packages do not have. */
export function extractService(client: ClientModule, options: ExtractOptions): ServiceSchema {
  const config = clientConfig(client);
  const settings = config.protocolSettings;
  const protocol = PROTOCOLS[config.protocol.getShapeId()];
  if (protocol === undefined) throw new Error(`${options.id}: unknown protocol ${config.protocol.getShapeId()}`);

  const structures: Record<string, Structure> = {};
  const sources = new Map<string, SdkSchema>();
  const visit = (schema: SdkSchema): string => {
    const name = String(schema[2]);
    const known = sources.get(name);
    if (known !== undefined) {
      if (known !== schema && name !== 'Unit') throw new Error(`${options.id}: two shapes are called ${name}`);
      return name;
    }
    sources.set(name, schema);
    const structure: Structure = { members: {} };
    structures[name] = structure;
    const names = schema[4] as string[];
    const references = schema[5] as unknown[];
    const requiredCount = (schema[6] as number | undefined) ?? 0;
    names.forEach((member, i) => {
      structure.members[member] = shapeOf(references[i], visit);
    });
    // The SDK puts required members first and gives their number.
    if (requiredCount > 0) structure.required = names.slice(0, requiredCount);
    if (schema[0] === KIND.union) structure.union = true;
    const { xmlName } = expandTraits(schema[3] as SdkTraits);
    if (typeof xmlName === 'string') structure.xmlName = xmlName;
    return name;
  };
  const structureName = (reference: unknown): string | undefined => {
    const { schema } = dereference(reference);
    return typeof schema === 'object' ? visit(schema) : undefined;
  };

  // The SDK takes the bucket out of S3's paths, because it goes into the host name. Here the path names it again.
  const pathStyle = (uri: string, input: unknown): string => {
    const { schema } = dereference(input);
    const members = typeof schema === 'object' ? (schema[4] as string[]) : [];
    if (options.id !== 's3' || !members.includes('Bucket') || uri.startsWith('/{Bucket}')) return uri;
    return `/{Bucket}${uri.replace(/^\/(?=\?|$)/, '')}`;
  };
  const bindingOf = (schema: SdkSchema): HttpBinding | undefined => {
    const { http } = expandTraits(schema[3] as SdkTraits) as { http?: [string, string, number] };
    return http && { method: http[0], uri: pathStyle(http[1], schema[4]), status: http[2] };
  };

  const operations: Record<string, OperationSchema> = {};
  const notImplemented: string[] = [];
  const notImplementedRoutes: Record<string, HttpBinding> = {};
  const wanted = options.operations && new Set(options.operations);
  for (const schema of operationSchemas(client)) {
    const name = String(schema[2]);
    if (wanted?.has(name) === false) {
      notImplemented.push(name);
      const http = bindingOf(schema);
      if (options.id === 's3' && http !== undefined) notImplementedRoutes[name] = http;
      continue;
    }
    wanted?.delete(name);
    const http = bindingOf(schema);
    const input = structureName(schema[4]);
    const output = structureName(schema[5]);
    operations[name] = {
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
      ...(http && { http }),
      ...(options.id === 's3' && name === 'GetBucketLocation' && { unwrappedOutput: true as const }),
    };
  }
  if (wanted !== undefined && wanted.size > 0) {
    throw new Error(`${options.id} has no operation ${[...wanted].join(', ')}`);
  }

  const errors: Record<string, ErrorSchema> = {};
  for (const registry of settings.errorTypeRegistries) {
    for (const schema of registry.exceptions.keys()) {
      // The other namespace holds the SDK's own base class of all errors of the service.
      if (schema[1] !== settings.defaultNamespace) continue;
      const shape = visit(schema);
      errors[shape] = errorSchema(shape, expandTraits(schema[3] as SdkTraits), options.id);
    }
  }

  return {
    format: 1,
    id: options.id,
    signingName: config.defaultSigningName,
    protocols: [protocol, ...(options.alsoSpeaks ?? [])],
    apiVersion: settings.version,
    namespace: settings.defaultNamespace,
    ...(settings.xmlNamespace !== undefined && { xmlNamespace: settings.xmlNamespace }),
    targetPrefix: settings.serviceTarget,
    ...(settings.awsQueryCompatible && { queryCompatible: true as const }),
    operations,
    notImplemented: notImplemented.sort(),
    ...(Object.keys(notImplementedRoutes).length > 0 && { notImplementedRoutes }),
    errors,
    structures,
    constraints: {},
  };
}

function errorSchema(shape: string, traits: Record<string, unknown>, service: string): ErrorSchema {
  const [queryCode, queryStatus] = (traits.awsQueryError as [string, number] | undefined) ?? [];
  const fault = traits.error === 'server' ? 'server' : 'client';
  const s3Status = service === 's3' ? S3_ERROR_STATUS[shape] : undefined;
  const status =
    (traits.httpError as number | undefined) ?? queryStatus ?? s3Status ?? (fault === 'server' ? 500 : 400);
  return { code: queryCode ?? shape, status, fault, shape };
}
