/**
 * Answers DNS packets: from the authorities of the region, and from an upstream for names that none of them knows. It
 * throws nothing and holds nothing between two packets but what waits for the upstream; sockets are `dns-server.ts`.
 */
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import { type AnswerParts, answerBytes } from './answer-bytes.ts';
import type { Authority, RecordType, ResourceRecord } from './authority.ts';
import { type Found, find } from './find.ts';
import { forwardedBytes, forwardedRecords } from './forwarded.ts';
import { canonicalName, NAME_BYTES_MAX, writeName } from './names.ts';
import { CLASS_IN, isMetaType, RCODE, type Rcode, rcodeName, typeName, typeNumber } from './numbers.ts';
import { answerBytesMax, FLAG, type Query, type Question, readQuery } from './query.ts';
import { Upstream, type UpstreamAddress } from './upstream.ts';

export type DnsTransport = 'udp' | 'tcp';

/** Who asks, and how. */
export interface QueryOrigin {
  readonly address: string;
  readonly transport: DnsTransport;
}

/** One answered query, for the query log. */
export interface QueryReport {
  /** Availability zone of the resolver. */
  readonly zone: string;
  readonly client: string;
  /** Name and type as asked for; empty when the question could not be read. */
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  /** Records in the answer section. */
  readonly answers: number;
  readonly ms: number;
  readonly transport: DnsTransport;
}

/** What happens to a question on purpose: it waits so long, and then may get another answer, or none. */
export interface QueryTrouble {
  readonly delayMs: number;
  readonly instead?: 'SERVFAIL' | 'NXDOMAIN' | 'silence';
}

export interface ResolverOptions {
  /** The one whose zone lies closest to the name answers; of two with the same zone the earlier one. */
  readonly authorities: readonly Authority[];
  /** Where this resolver stands. */
  readonly asked: { readonly zone: string; readonly region: string };
  /** In seconds: takes the place of the TTL of all records of the authorities. */
  readonly ttl?: number;
  /** Who is asked for other names; without one they are refused. */
  readonly upstream?: UpstreamAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onQuery?: (report: QueryReport) => void;
  /** Faults for experiments: asked for each name, in lower case and without the last dot. */
  readonly trouble?: (name: string) => QueryTrouble | undefined;
}

/** Trouble is logged once in this time, so that nobody fills the log by asking. */
const LOG_EVERY_MS = 1_000;
/** Queries that wait on purpose, at a time; more get no answer. */
const TROUBLED_MAX = 1024;
/** Nobody waits longer for a name. */
const SILENCE_MS = 5_000;

export class Resolver {
  readonly #options: ResolverOptions;
  readonly #upstream: Upstream | undefined;
  #loggedAtMs = Number.NEGATIVE_INFINITY;
  #troubled = 0;

  constructor(options: ResolverOptions) {
    const { upstream, clock, random } = options;
    this.#options = options;
    this.#upstream = upstream && new Upstream(upstream, clock, random);
  }

  /**
   * The answer to a packet, at once or, when the upstream is asked, later; undefined when there is to be none. Never
   * throws or rejects.
   */
  handle(packet: Buffer, from: QueryOrigin): Promise<Buffer | undefined> | Buffer | undefined {
    const query = readQuery(packet);
    if (query === undefined) return undefined;
    const trouble = query.question === undefined ? undefined : this.#options.trouble?.(query.question.name);
    return trouble === undefined ? this.#handle(query, from) : this.#handleTroubled(trouble, query, from);
  }

  #handle(query: Query, from: QueryOrigin, instead?: Rcode): Promise<Buffer> | Buffer {
    const beganMs = this.#options.onQuery === undefined ? 0 : this.#options.clock.monotonic();
    const bytesMax = answerBytesMax(query, from.transport);
    const report = (answer: Buffer): Buffer => {
      if (this.#options.onQuery !== undefined) this.#report(query, from, answer, beganMs);
      return answer;
    };
    try {
      if (instead !== undefined) return report(this.#write(query, { rcode: instead }, bytesMax));
      const answer = this.#answer(query, from.address, bytesMax);
      if (!(answer instanceof Promise)) return report(answer);
      return answer.catch(error => this.#failure(query, error)).then(report);
    } catch (error) {
      return report(this.#failure(query, error));
    }
  }

  async #handleTroubled({ delayMs, instead }: QueryTrouble, query: Query, from: QueryOrigin) {
    if (instead === 'silence' || this.#troubled >= TROUBLED_MAX) return undefined;
    this.#troubled++;
    try {
      if (delayMs > 0) await sleep(this.#options.clock, delayMs);
      return await this.#handle(query, from, instead === undefined ? undefined : RCODE[instead]);
    } finally {
      this.#troubled--;
    }
  }

  /**
   * The records that a client would get, aliases included; none when the name or the type does not exist, or nobody
   * knows the name.
   * @throws RangeError when `name` is no name or `type` no type; Error when an authority or the upstream fails.
   */
  async resolve(name: string, type: RecordType): Promise<readonly ResourceRecord[]> {
    const number = typeNumber(type);
    const canonical = canonicalName(name);
    const trouble = this.#options.trouble?.(canonical);
    if (trouble !== undefined) {
      const { delayMs, instead } = trouble;
      await sleep(this.#options.clock, instead === 'silence' ? SILENCE_MS : delayMs);
      if (instead === 'NXDOMAIN') return [];
      if (instead !== undefined) throw new Error(`${name} could not be resolved (injected: ${instead})`);
    }
    const found = this.#find(canonical, type, '127.0.0.1');
    if (found.unknown === undefined || this.#upstream === undefined) return found.answers;
    const { answers } = await this.#ask(this.#upstream, found.unknown, number);
    return [...found.answers, ...answers];
  }

  #answer(query: Query, client: string, bytesMax: number): Buffer | Promise<Buffer> {
    const { question } = query;
    if (query.problem !== undefined || question === undefined) {
      return this.#write(query, { rcode: query.problem ?? RCODE.FORMERR }, bytesMax);
    }
    const refusal = refusalOf(question);
    if (refusal !== undefined) return this.#write(query, { rcode: refusal }, bytesMax);

    const found = this.#find(question.name, typeName(question.type), client);
    if (found.unknown === undefined) return this.#write(query, found, bytesMax);
    const upstream = (query.flags & FLAG.RD) === 0 ? undefined : this.#upstream;
    if (found.authoritative) {
      return upstream === undefined
        ? this.#write(query, found, bytesMax)
        : this.#continue(upstream, query, question, found, bytesMax);
    }
    if (upstream === undefined) return this.#write(query, { rcode: RCODE.REFUSED }, bytesMax);
    return upstream.ask(outside(question.bytes, query)).then(bytes => forwardedBytes(bytes, query, bytesMax));
  }

  /** An alias leads out of the region: the rest of the chain is the upstream's. */
  async #continue(upstream: Upstream, query: Query, question: Question, found: Found, bytesMax: number) {
    const more = await this.#ask(upstream, found.unknown!, question.type);
    const { rcode, authorities } = more;
    return this.#write(query, { ...found, rcode, answers: [...found.answers, ...more.answers], authorities }, bytesMax);
  }

  async #ask(upstream: Upstream, name: string, type: number) {
    const bytes = Buffer.alloc(NAME_BYTES_MAX + 5);
    const end = writeName(name, bytes, 0);
    bytes.writeUInt16BE(type, end);
    bytes.writeUInt16BE(CLASS_IN, end + 2);
    return forwardedRecords(await upstream.ask({ bytes: bytes.subarray(0, end + 4) }));
  }

  #find(name: string, type: RecordType, client: string): Found {
    const { authorities, asked, ttl } = this.#options;
    const found = find(authorities, name, type, { zone: asked.zone, region: asked.region, client });
    if (ttl === undefined) return found;
    const lasting = (records: readonly ResourceRecord[]) => records.map(record => ({ ...record, ttl }));
    return {
      ...found,
      answers: lasting(found.answers),
      authorities: lasting(found.authorities),
      additionals: lasting(found.additionals),
    };
  }

  #write(query: Query, parts: AnswerParts, bytesMax: number): Buffer {
    return answerBytes(query, { ...parts, recursionAvailable: this.#upstream !== undefined }, bytesMax);
  }

  #failure(query: Query, error: unknown): Buffer {
    const { clock, logger } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - this.#loggedAtMs >= LOG_EVERY_MS) {
      this.#loggedAtMs = nowMs;
      logger.warn('a DNS query could not be answered', { name: query.question?.name, error: errorStory(error) });
    }
    return this.#write(query, { rcode: RCODE.SERVFAIL }, answerBytesMax(query, 'udp'));
  }

  #report(query: Query, from: QueryOrigin, answer: Buffer, beganMs: number): void {
    const { asked, clock, onQuery, logger } = this.#options;
    try {
      onQuery?.({
        zone: asked.zone,
        client: from.address,
        name: query.question?.name ?? '',
        type: query.question === undefined ? '' : typeName(query.question.type),
        rcode: rcodeName(query.problem ?? answer.readUInt16BE(2) & 0xf),
        answers: answer.readUInt16BE(6),
        ms: clock.monotonic() - beganMs,
        transport: from.transport,
      });
    } catch (error) {
      logger.error('the query log failed', { error: errorStory(error) });
    }
  }
}

/** The same answer with TC and nothing in it, for a client that asks too often over UDP; undefined for what gets none. */
export function comeOverTcp(packet: Buffer): Buffer | undefined {
  const query = readQuery(packet);
  if (query === undefined || query.problem !== undefined) return undefined;
  return answerBytes(query, { rcode: RCODE.NOERROR, truncated: true }, answerBytesMax(query, 'udp'));
}

/** What is refused whatever the name: other classes, zone transfers and other requests that only look like questions. */
function refusalOf({ type, class: qclass }: Question): Rcode | undefined {
  if (qclass !== CLASS_IN) return RCODE.REFUSED;
  if (typeName(type) === 'OPT' || type === 0) return RCODE.FORMERR;
  return isMetaType(type) && typeName(type) !== 'ANY' ? RCODE.REFUSED : undefined;
}

const outside = (bytes: Uint8Array, { edns }: Query) => (edns === undefined ? { bytes } : { bytes, edns });
