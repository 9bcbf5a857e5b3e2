/**
 * `GET /_stormglass/s3/events`: the events of S3 as they happen, as server-sent events (WHATWG HTML, 9.2), where AWS has
 * an event bus. `?bucket=name` narrows it. The id of each event is its place in the region's order, the same in every
 * zone; `Last-Event-ID` continues behind it. An event named `missed` says that some are not kept any more.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '@stormglass/base';
import type { FastifyInstance } from 'fastify';
import type { EventFeed, FeedCursor, FeedEvent } from './event-feed.ts';

export const EVENTS_PATH = '/_stormglass/s3/events';
const HEARTBEAT_MS = 15_000;
const EVENTS_AT_ONCE = 100;

/** What `createHttpHost` takes as a mount. */
export const mountEvents =
  (feed: EventFeed, clock: Clock) =>
  (app: FastifyInstance): void => {
    app.get<{ Querystring: { bucket?: string | string[] } }>(
      EVENTS_PATH,
      { exposeHeadRoute: false },
      (request, reply) => {
        const { bucket } = request.query;
        const last = request.headers['last-event-id'];
        if (last !== undefined && !/^\d{1,15}$/.test(String(last))) {
          return reply.code(400).send({ error: 'Last-Event-ID is not the id of an event of this stream' });
        }
        const from = last === undefined ? feed.end() : feed.after(Number(last));
        const reader = new Reader(feed, reply.raw, from, bucket === undefined ? undefined : [bucket].flat());
        const stopListening = feed.listen(() => reader.pump());
        if (stopListening === undefined) return reply.code(503).send({ error: 'too many listen' });
        reply.hijack();
        const stopBeating = heartbeat(clock, () => reader.beat());
        reply.raw
          .on('error', () => {})
          .on('drain', () => reader.pump())
          .on('close', () => {
            stopListening();
            stopBeating();
          });
        reader.begin();
        return reply;
      },
    );
  };

/** Writes as much as the reader takes, and goes on when it takes more: nothing waits here for slow ones. */
class Reader {
  readonly #feed: EventFeed;
  readonly #response: ServerResponse;
  readonly #buckets: readonly string[] | undefined;
  #at: FeedCursor;

  constructor(feed: EventFeed, response: ServerResponse, from: FeedCursor, buckets: readonly string[] | undefined) {
    this.#feed = feed;
    this.#response = response;
    this.#at = from;
    this.#buckets = buckets;
  }

  begin(): void {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#response.write(this.#at.isComplete ? BEAT : MISSED);
    this.pump();
  }

  pump(): void {
    const response = this.#response;
    while (!response.destroyed && !response.writableNeedDrain) {
      const { events, next } = this.#feed.read(this.#at, EVENTS_AT_ONCE);
      if (next.index === this.#at.index) return;
      this.#at = next;
      const wanted = events.filter(({ bucket }) => this.#buckets?.includes(bucket) ?? true);
      const text = `${next.isComplete ? '' : MISSED}${wanted.map(message).join('')}`;
      if (text !== '') response.write(text);
    }
  }

  /** A comment now and then has both sides notice when the other one is gone. */
  beat(): void {
    if (!this.#response.destroyed && !this.#response.writableNeedDrain) this.#response.write(BEAT);
  }
}

const BEAT = ': listening\n\n';
const MISSED = 'event: missed\ndata: {}\n\n';
const message = ({ sequencer, text }: FeedEvent): string => `id: ${sequencer}\ndata: ${text}\n\n`;

function heartbeat(clock: Clock, beat: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      beat();
      next();
    });
  };
  next();
  return () => cancel();
}
