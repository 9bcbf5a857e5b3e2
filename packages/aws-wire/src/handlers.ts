/**
 * Handler types of a service, derived from the types of its official SDK client. Only types are imported, so no SDK
 * code runs in the product: `const handlers: Handlers<typeof import('@aws-sdk/client-sts'), Context> = { ... }`.
 */

// Every operation of a client is exported twice: as the class `CreateRoleCommand` and as the schema `CreateRole$`.
// Asking for both leaves out other exports whose names end in "Command".
/** The names of all operations of an SDK client module. */
export type OperationName<Client> = {
  [Key in keyof Client & string]: Key extends `${infer Name}Command`
    ? `${Name}$` extends keyof Client
      ? Name
      : never
    : never;
}[keyof Client & string];

type CommandOf<Client, Name extends string> = `${Name}Command` extends keyof Client
  ? Client[`${Name}Command`] extends abstract new (
      ...args: never[]
    ) => infer Command
    ? Command
    : never
  : never;

type OptionalKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T];

// The SDK types required members as `T | undefined`. The server has validated them, so handlers see `T`.
type ServerInput<Input> = {
  [Key in keyof Input]: Key extends 'Body'
    ? AsyncIterable<Uint8Array>
    : Key extends OptionalKeys<Input>
      ? Input[Key]
      : NonNullable<Input[Key]>;
};

type ServerOutput<Output> = Omit<
  {
    [Key in keyof Output]: Key extends 'Body'
      ? AsyncIterable<Uint8Array> | Uint8Array | string | undefined
      : Output[Key];
  },
  '$metadata'
>;

/** What a handler of operation `Name` receives. */
export type OperationInput<Client, Name extends string> =
  CommandOf<Client, Name> extends { readonly input: infer Input } ? ServerInput<Input> : never;

/** What a handler of operation `Name` returns. */
export type OperationOutput<Client, Name extends string> =
  CommandOf<Client, Name> extends {
    resolveMiddleware(stack: never, config: never, options: never): (args: never) => Promise<{ output: infer Output }>;
  }
    ? ServerOutput<Output>
    : never;

/** Answers one operation. `Context` (who calls, request id, region ...) is defined by whoever dispatches. */
export type Handler<Input, Output, Context> = (input: Input, context: Context) => Output | Promise<Output>;

/** A handler for some or all operations of an SDK client module. */
export type Handlers<Client, Context> = {
  [Name in OperationName<Client>]?: Handler<OperationInput<Client, Name>, OperationOutput<Client, Name>, Context>;
};

/** The handler of one operation: `HandlerOf<typeof import('@aws-sdk/client-iam'), 'CreateRole', Context>`. */
export type HandlerOf<Client, Name extends OperationName<Client>, Context> = Handler<
  OperationInput<Client, Name>,
  OperationOutput<Client, Name>,
  Context
>;
