/**
 * Checks typed input against the constraints of the model and reports everything that is wrong at once, in the words of
 * AWS: `2 validation errors detected: Value '' at 'roleName' failed to satisfy constraint: ...; ...`.
 */
import { AwsError } from '../aws-error.ts';
import type { Call } from '../protocols/codec.ts';
import { refusedArgument, refusedBody } from '../s3/argument-errors.ts';
import { membersOf, type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { Constraint, Shape } from '../schema/service-schema.ts';
import { allConstraints, brokenConstraints, isBroken, printValue } from './constraint-checks.ts';

type Fields = Readonly<Record<string, unknown>>;
/** `isPhrase` when the problem is told in words of the service, which are a message by themselves. */
type Report = (problem: string, path: string, isPhrase?: true) => void;
type Check = (value: unknown, path: string, report: Report) => void;

// A list may hold thousands of wrong items; nobody reads that many errors.
const PROBLEMS_MAX = 20;

/** `RoleName` is called `roleName` in messages. */
const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const problem = (value: unknown, path: string, rule: string, sensitive: boolean | undefined): string => {
  const shown = value === undefined ? ' null' : sensitive ? '' : ` '${printValue(value)}'`;
  return `Value${shown} at '${path}' failed to satisfy constraint: ${rule}`;
};

class Validator {
  readonly #model: ServiceModel;
  readonly #structures = new Map<string, Check>();

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  structure(name: string): Check {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Check | undefined;
    const check: Check = (value, path, report) => (compiled ??= this.#compileStructure(name))(value, path, report);
    this.#structures.set(name, check);
    return check;
  }

  #compileStructure(name: string): Check {
    const structure = structureOf(this.#model, name);
    const constraints = this.#model.schema.constraints[name] ?? {};
    const required = new Set(structure.required);
    const members = Object.entries(structure.members).flatMap(([member, shape]) => {
      const check = this.#shape(shape, constraints[member]);
      if (check === undefined && !required.has(member)) return [];
      return [{ member, label: camelCase(member), required: required.has(member), check, shape }];
    });
    return (value, path, report) => {
      for (const { member, label, required: must, check } of members) {
        const field = (value as Fields)[member];
        const at = path === '' ? label : `${path}.${label}`;
        if (field !== undefined) check?.(field, at, report);
        else if (must) report(problem(undefined, at, 'Member must not be null', false), at);
      }
    };
  }

  /** The check of a shape, or undefined when nothing can be wrong with it. */
  #shape(shape: Shape, constraint: Constraint | undefined): Check | undefined {
    if (shape.type === 'structure') return this.structure(shape.name);
    const own = constraint && hasOwnConstraint(constraint) ? this.#own(shape, constraint) : undefined;
    const inner = shape.type === 'list' ? this.#items(shape, constraint) : undefined;
    const entries = shape.type === 'map' ? this.#entries(shape, constraint) : undefined;
    const checks = [own, inner, entries].filter(check => check !== undefined);
    if (checks.length <= 1) return checks[0];
    return (value, path, report) => {
      for (const check of checks) check(value, path, report);
    };
  }

  #own(shape: Shape, constraint: Constraint): Check {
    const { pattern, ...others } = constraint;
    const phrase = pattern === undefined ? undefined : this.#model.phrases[pattern];
    if (phrase === undefined) return this.#plain(shape, constraint);
    const check = this.#plain(shape, others);
    return (value, path, report) => {
      check(value, path, report);
      if (isBroken(shape.type, { pattern: pattern! }, value)) report(phrase(path), path, true);
    };
  }

  #plain(shape: Shape, constraint: Constraint): Check {
    return (value, path, report) => {
      if (!isBroken(shape.type, constraint, value)) return;
      for (const rule of brokenConstraints(shape.type, constraint, value)) {
        report(problem(value, path, rule, shape.sensitive), path);
      }
    };
  }

  #items(shape: Shape & { type: 'list' }, constraint: Constraint | undefined): Check | undefined {
    const { member } = shape;
    if (isSimple(member))
      return this.#all(member, constraint?.member, 'Member must satisfy constraint', value => value as unknown[]);
    const check = this.#shape(member, constraint?.member);
    return (
      check &&
      ((value, path, report) => {
        let index = 0;
        for (const item of value as unknown[]) check(item, `${path}.${++index}.member`, report);
      })
    );
  }

  #entries(shape: Shape & { type: 'map' }, constraint: Constraint | undefined): Check | undefined {
    const keys = this.#all(shape.key, constraint?.key, 'Map keys must satisfy constraint', value =>
      Object.keys(value as Fields),
    );
    const values = isSimple(shape.value)
      ? this.#all(shape.value, constraint?.value, 'Map value must satisfy constraint', value =>
          Object.values(value as Fields),
        )
      : this.#shape(shape.value, constraint?.value);
    if (keys === undefined && values === undefined) return undefined;
    return (value, path, report) => {
      keys?.(value, path, report);
      if (isSimple(shape.value)) values?.(value, path, report);
      else for (const [key, item] of Object.entries(value as Fields)) values?.(item, `${path}.${key}.member`, report);
    };
  }

  /** Simple items are reported together: the message shows the whole list and every rule that its items have. */
  #all(
    shape: Shape,
    constraint: Constraint | undefined,
    title: string,
    items: (value: unknown) => unknown[],
  ): Check | undefined {
    if (constraint === undefined || !hasOwnConstraint(constraint)) return undefined;
    return (value, path, report) => {
      if (!items(value).some(item => isBroken(shape.type, constraint, item))) return;
      report(problem(value, path, `${title}: [${allConstraints(shape.type, constraint)}]`, shape.sensitive), path);
    };
  }
}

const isSimple = (shape: Shape): boolean => shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map';

const hasOwnConstraint = ({ min, max, pattern, enum: values, integer }: Constraint): boolean =>
  min !== undefined || max !== undefined || pattern !== undefined || values !== undefined || integer === true;

const validators = new WeakMap<ServiceModel, Validator>();

function validatorOf(model: ServiceModel): Validator {
  let validator = validators.get(model);
  if (validator === undefined) validators.set(model, (validator = new Validator(model)));
  return validator;
}

/** Everything that is wrong with an input, each as one sentence of AWS's message; phrases of the service are not here. */
export function findProblems(model: ServiceModel, structure: string, input: unknown): string[] {
  return allProblems(model, structure, input).problems;
}

function allProblems(model: ServiceModel, structure: string, input: unknown) {
  const problems: string[] = [];
  let phrase: string | undefined;
  let first: string | undefined;
  validatorOf(model).structure(structure)(input, '', (text, path, isPhrase) => {
    first ??= path;
    if (isPhrase) phrase ??= text;
    else if (problems.length < PROBLEMS_MAX) problems.push(text);
  });
  return { problems, phrase, first };
}

/** Throws ValidationError (query protocols) or ValidationException (JSON and REST) unless the input keeps the model. */
export function validate(call: Pick<Call, 'operation' | 'codec'>, input: unknown): void {
  const { operation, codec } = call;
  if (operation.input === undefined) return;
  const { problems, phrase, first } = allProblems(operation.model, operation.input, input);
  if (first === undefined) return;
  if (operation.model.id === 's3') throw refusedByS3(operation.model, operation.input, input as Fields, first);
  const isQuery = codec.protocol === 'query' || codec.protocol === 'ec2Query';
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new AwsError(
    isQuery ? 'ValidationError' : 'ValidationException',
    400,
    // A service looks at what its own words are for when the rest is right.
    problems.length === 0 ? phrase! : `${count} detected: ${problems.join('; ')}`,
  );
}

/** S3 has its own code for each place of what is wrong, and tells of the first alone. */
function refusedByS3(model: ServiceModel, structure: string, input: Fields, path: string): AwsError {
  const [label] = path.split('.');
  const [member, { location, locationName }] = membersOf(model, structure).find(([name]) => camelCase(name) === label)!;
  if (location === 'label') return new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.");
  if (location === 'header' || location === 'query') return refusedArgument(locationName ?? member, input[member]);
  return refusedBody(input[member] === undefined);
}
