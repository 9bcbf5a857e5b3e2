/** What the feed keeps, and what it says about what it does not keep. */
import { expect, test } from 'vitest';
import { EventFeed, type FeedCursor } from './event-feed.ts';

const publish = (feed: EventFeed, ...sequencers: number[]) => {
  for (const sequencer of sequencers) feed.publish({ sequencer, bucket: 'b', text: `${sequencer}` });
};
const read = (feed: EventFeed, from: FeedCursor, limit = 100) => feed.read(from, limit).events.map(each => each.text);

test('events after a place, in order, so many at once', () => {
  const feed = new EventFeed();
  publish(feed, 2, 5, 9);
  expect(feed.after(1).isComplete).toBe(true);
  expect(read(feed, feed.after(1))).toEqual(['2', '5', '9']);
  expect(read(feed, feed.after(1), 2)).toEqual(['2', '5']);
  expect(read(feed, feed.after(2))).toEqual(['5', '9']);
  expect(read(feed, feed.after(7))).toEqual(['9']);
  const { next } = feed.read(feed.after(2), 1);
  expect(read(feed, next)).toEqual(['9']);
  expect(read(feed, feed.end())).toEqual([]);
});

test('what is not kept any more is missed by who comes from before it, and by nobody else', () => {
  const feed = new EventFeed({ eventsMax: 4 });
  publish(feed, 1);
  const slow = feed.end();
  publish(feed, 2, 3, 4, 5, 6, 7);
  expect(feed.after(2).isComplete).toBe(false);
  expect(read(feed, feed.after(2))).toEqual(['4', '5', '6', '7']);
  expect(feed.after(3).isComplete).toBe(true);
  const { events, next } = feed.read(slow, 100);
  expect([events.length, next.isComplete]).toEqual([4, false]);
  expect(feed.read(next, 100).next.isComplete).toBe(true);
});

test('a zone that began anew cannot say what it does not know of', () => {
  const feed = new EventFeed();
  expect(feed.after(7).isComplete).toBe(false);
  publish(feed, 1);
  const reader = feed.end();
  feed.beginAnew();
  expect(feed.read(reader, 100)).toEqual({ events: [], next: { index: 2, isComplete: false } });
  expect(feed.end().isComplete).toBe(true);
  publish(feed, 10);
  expect(feed.after(8).isComplete).toBe(false);
  expect(feed.after(9).isComplete).toBe(true);
});

test('so many listen, and no more', () => {
  const feed = new EventFeed({ listenersMax: 1 });
  let told = 0;
  const stop = feed.listen(() => told++);
  expect(feed.listen(() => {})).toBeUndefined();
  publish(feed, 1);
  stop?.();
  publish(feed, 2);
  expect(told).toBe(1);
  expect(feed.listen(() => {})).toBeDefined();
});
