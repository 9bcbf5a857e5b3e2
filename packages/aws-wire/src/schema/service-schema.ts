/**
 * The JSON in `services/<name>/schema.json`: what the wire layer must know of one AWS service. It is written by
 * `tools/extract-schemas.ts` from the official SDK client (everything but `constraints`) and from botocore's model of
 * the service (`constraints`), and committed, so that neither is needed at run time.
 */

export type ProtocolName = 'query' | 'ec2Query' | 'awsJson1_0' | 'awsJson1_1' | 'restXml' | 'restJson';

export type SimpleType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'document'
  | 'bigInteger'
  | 'bigDecimal';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** Where a member of a REST request or response travels; without a location it is part of the body. */
export type Location = 'label' | 'query' | 'queryParams' | 'header' | 'prefixHeaders' | 'payload' | 'status';

export interface Traits {
  xmlName?: string;
  ec2QueryName?: string;
  jsonName?: string;
  /** The list or map has no element of its own around its items. */
  flattened?: true;
  xmlAttribute?: true;
  xmlNamespace?: { uri: string; prefix?: string };
  location?: Location;
  /** Header, header prefix or query key of `location`. */
  locationName?: string;
  idempotencyToken?: true;
  /** The value must not be repeated in error messages. */
  sensitive?: true;
  /** A blob that is streamed, or a union that is an event stream. */
  streaming?: true;
  timestampFormat?: TimestampFormat;
}

export type SimpleShape = Traits & { type: SimpleType };
export type ListShape = Traits & { type: 'list'; member: Shape };
export type MapShape = Traits & { type: 'map'; key: Shape; value: Shape };
/** Structures and unions are referred to by name, because only they may contain themselves. */
export type StructureReference = Traits & { type: 'structure'; name: string };
export type Shape = SimpleShape | ListShape | MapShape | StructureReference;

export interface Structure {
  members: Record<string, Shape>;
  /** Members without which the structure is not valid. */
  required?: string[];
  union?: true;
  xmlName?: string;
}

export interface HttpBinding {
  method: string;
  /** Path pattern with labels, and with the query keys that tell operations apart: `/{Bucket}?acl`. */
  uri: string;
  status: number;
}

export interface OperationSchema {
  /** Names of structures; absent when the operation takes or returns nothing. */
  input?: string;
  output?: string;
  http?: HttpBinding;
  /** S3 GetBucketLocation: the output has no element around it. */
  unwrappedOutput?: true;
}

export interface ErrorSchema {
  /** What clients see as the code; equals the shape's name except in some query services. */
  code: string;
  status: number;
  fault: 'client' | 'server';
  /** The structure that holds its members. */
  shape: string;
}

export interface Constraint {
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  /** The number must be whole. */
  integer?: true;
  member?: Constraint;
  key?: Constraint;
  value?: Constraint;
}

export interface ServiceSchema {
  format: 1;
  id: string;
  signingName: string;
  /** The first is the one that the SDK speaks; a request may choose any of them. */
  protocols: [ProtocolName, ...ProtocolName[]];
  apiVersion: string;
  namespace: string;
  xmlNamespace?: string;
  /** The part of `x-amz-target` before the dot. */
  targetPrefix: string;
  /** JSON errors carry `x-amzn-query-error` for clients that still expect the codes of the query protocol. */
  queryCompatible?: true;
  operations: Record<string, OperationSchema>;
  /** Operations that AWS has and this server does not. */
  notImplemented: string[];
  /** Their routes, where a request for one would be taken for another operation without them (`GET /bucket?website`). */
  notImplementedRoutes?: Record<string, HttpBinding>;
  errors: Record<string, ErrorSchema>;
  structures: Record<string, Structure>;
  /** By structure and member. */
  constraints: Record<string, Record<string, Constraint>>;
}
