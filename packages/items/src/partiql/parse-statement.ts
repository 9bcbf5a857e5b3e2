/** The grammar of statements (Developer Guide, "PartiQL statements for DynamoDB"). */
import { remembered } from '../expressions/remembered.ts';
import { InvalidInput } from '../invalid-input.ts';
import { isName, TermParser } from './parse-term.ts';
import type { Change, OrderTerm, PathTerm, Returning, SelectStatement, Statement, StatementTarget } from './syntax.ts';
import { malformed, Tokens } from './tokens.ts';

type Body<S = Statement> = S extends unknown ? Omit<S, 'parameters'> : never;

/** Statements up to this length are remembered: long ones have their values in them, and do not come again. */
const REMEMBERED_LENGTH_MAX = 1024;

const parsed = (text: string): Statement => new StatementParser(new Tokens(text)).parse();
const rememberedStatement = remembered(parsed, 200);

/**
 * A statement as a tree. What it says of keys and of values is asked later.
 *
 * @throws InvalidInput in DynamoDB's words when it is none that DynamoDB knows
 */
export const parseStatement = (text: string): Statement =>
  text.length > REMEMBERED_LENGTH_MAX ? parsed(text) : rememberedStatement(text);

class StatementParser {
  readonly #tokens: Tokens;
  readonly #terms: TermParser;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#terms = new TermParser(tokens);
  }

  parse(): Statement {
    const body = this.#body();
    this.#tokens.takeIf(';');
    if (!this.#tokens.isAtEnd) throw malformed('Unexpected token after expression');
    return { ...body, parameters: this.#terms.parameters };
  }

  #body(): Body {
    const tokens = this.#tokens;
    if (tokens.takeIf('SELECT')) return this.#select();
    if (tokens.takeIf('INSERT')) return this.#insert();
    if (tokens.takeIf('UPDATE')) return this.#update();
    if (tokens.takeIf('DELETE')) return this.#delete();
    if (tokens.takeIf('FROM')) return this.#fromFirst();
    if (tokens.takeIf('EXISTS')) return this.#exists();
    throw malformed('Expected data manipulation');
  }

  #select(): Body<SelectStatement> {
    const tokens = this.#tokens;
    if (tokens.isAt('VALUE') || tokens.isAt('PIVOT'))
      throw new InvalidInput("Select projection doesn't support value or pivot keywords");
    const paths = this.#projection();
    tokens.expect('FROM', 'Unexpected term');
    if (!isName(tokens.current)) throw malformed('Unexpected term');
    const target = this.#target();
    if (tokens.isAt(',')) throw new InvalidInput('Only select from a single table or index is supported.');
    this.#refuseAlias();
    const where = this.#where();
    const order = tokens.takeIf('ORDER') ? this.#order() : [];
    if (tokens.takeIf('LIMIT')) throw new InvalidInput(`Unsupported clause: LIMIT${tokens.at(tokens.current)}`);
    return { kind: 'select', target, order, ...(paths && { paths }), ...where };
  }

  /** What is selected; undefined for everything. */
  #projection(): readonly PathTerm[] | undefined {
    const tokens = this.#tokens;
    const isAll = tokens.takeIf('*');
    if (isAll && !tokens.isAt(',')) return undefined;
    if (isAll) throw new InvalidInput("Other attributes should not be present in the projection when '*' is used.");
    return tokens.list(() => {
      if (tokens.isAt('*'))
        throw new InvalidInput("Other attributes should not be present in the projection when '*' is used.");
      const term = this.#terms.operand();
      if (term.kind !== 'path')
        throw new InvalidInput(`Unexpected path component${term.kind === 'call' ? term.at : ''}`);
      this.#refuseAlias();
      return term;
    });
  }

  #order(): readonly OrderTerm[] {
    const tokens = this.#tokens;
    tokens.expect('BY', 'Expected BY after ORDER');
    return tokens.list(() => {
      const term = this.#terms.operand();
      if (term.kind !== 'path' || term.parts.length > 1)
        throw new InvalidInput(`Argument to ORDER BY must be of type VariableReference. Type: ${term.kind}`);
      const isDescending = tokens.takeIf('DESC');
      if (!isDescending) tokens.takeIf('ASC');
      return { attribute: term.parts[0], isDescending };
    });
  }

  #insert(): Body {
    const tokens = this.#tokens;
    tokens.expect('INTO', 'Expected INTO after INSERT');
    const target = this.#simplePath();
    if (tokens.isAt('VALUES') || tokens.isAt('<<')) throw severalItems();
    if (!tokens.takeIf('VALUE')) throw malformed(isName(tokens.current) ? LEFTOVER : 'Unexpected keyword');
    const item = this.#terms.operand();
    if (item.kind === 'bag') throw severalItems();
    if (tokens.isAt('RETURNING')) throw new InvalidInput('RETURNING is not supported in INSERT');
    return { kind: 'insert', target, item };
  }

  #update(): Body {
    const target = this.#simplePath();
    this.#refuseAlias();
    const changes = this.#changes();
    return { kind: 'update', target, changes, ...this.#where(), ...this.#returning() };
  }

  /** The other form: `FROM "t" WHERE ... SET ...`. */
  #fromFirst(): Body {
    const target = this.#simplePath();
    this.#refuseAlias();
    const where = this.#where();
    const changes = this.#changes();
    return { kind: 'update', target, changes, ...where, ...this.#returning() };
  }

  #changes(): readonly Change[] {
    const tokens = this.#tokens;
    const changes: Change[] = [];
    for (;;) {
      if (tokens.takeIf('SET')) changes.push(...tokens.list(() => this.#assignment()));
      else if (tokens.takeIf('REMOVE'))
        changes.push(...tokens.list(() => ({ clause: 'REMOVE', path: this.#terms.path() }) as const));
      else break;
    }
    if (changes.length === 0) throw malformed('Expected data manipulation');
    return changes;
  }

  #assignment(): Change {
    const path = this.#terms.path();
    this.#tokens.expect('=', 'Expected = after the path that is set');
    return { clause: 'SET', path, value: this.#terms.operand() };
  }

  #delete(): Body {
    this.#tokens.expect('FROM', 'Expected FROM after DELETE');
    const target = this.#simplePath();
    this.#refuseAlias();
    return { kind: 'delete', target, ...this.#where(), ...this.#returning() };
  }

  #exists(): Body {
    const tokens = this.#tokens;
    tokens.expect('(');
    tokens.expect('SELECT');
    const { target, where } = this.#select();
    tokens.expect(')');
    return { kind: 'exists', target, ...(where && { where }) };
  }

  #where() {
    return this.#tokens.takeIf('WHERE') ? { where: this.#terms.condition() } : {};
  }

  #returning(): { returning?: Returning } {
    const tokens = this.#tokens;
    if (!tokens.takeIf('RETURNING')) return {};
    const extent = (['ALL', 'MODIFIED'] as const).find(word => tokens.takeIf(word));
    const age = (['OLD', 'NEW'] as const).find(word => tokens.takeIf(word));
    if (extent === undefined || age === undefined) throw malformed('Expected ALL or MODIFIED, and OLD or NEW');
    if (!tokens.takeIf('*'))
      throw new InvalidInput("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
    if (tokens.isAt(',')) throw new InvalidInput('Invalid syntax with multiple returning elements in RETURNING clause');
    return { returning: { extent, age } };
  }

  #simplePath(): StatementTarget {
    if (!isName(this.#tokens.current)) throw malformed('Expected identifier for simple path');
    return this.#target();
  }

  #target(): StatementTarget {
    const tokens = this.#tokens;
    const names = [tokens.take().text];
    while (tokens.takeIf('.')) {
      if (!isName(tokens.current)) throw malformed('Invalid path dot component');
      names.push(tokens.take().text);
    }
    if (names.length > 2) throw new InvalidInput('A path may contain at most 2 components in the FROM clause');
    if (names.includes('')) throw new InvalidInput('Path component cannot be an empty string');
    const [table, index] = names as [string, string?];
    return { table, ...(index !== undefined && { index }) };
  }

  #refuseAlias(): void {
    const { current } = this.#tokens;
    if (this.#tokens.isAt('AS') || (isName(current) && !this.#tokens.isAt('RETURNING')))
      throw new InvalidInput('Aliasing is not supported');
  }
}

const LEFTOVER = 'Unexpected token after expression';

const severalItems = () =>
  new InvalidInput(
    'Unsupported operation: Inserting multiple items in a single statement is not supported, use "INSERT INTO tableName VALUE item" instead',
  );
