/** What the feed keeps, and what it says about what it does not keep. */
import { expect, test } from 'vitest';
import { EventFeed } from './event-feed.ts';

const at = (position: number, number = 0) => ({ position, number });
const publish = (feed: EventFeed, ...positions: number[]) => {
  for (const position of positions) feed.publish({ place: at(position), bucket: 'b', text: `${position}` });
};
const texts = ({ events }: ReturnType<EventFeed['after']>) => events.map(each => each.text);

test('events after a place, in order, so many at once', () => {
  const feed = new EventFeed();
  publish(feed, 2, 5, 9);
  feed.publish({ place: at(9, 1), bucket: 'b', text: '9.1' });
  expect(texts(feed.after(at(0), 10))).toEqual(['2', '5', '9', '9.1']);
  expect(texts(feed.after(at(0), 2))).toEqual(['2', '5']);
  expect(texts(feed.after(at(2), 10))).toEqual(['5', '9', '9.1']);
  expect(texts(feed.after(at(9), 10))).toEqual(['9.1']);
  expect(feed.after(at(9, 1), 10)).toEqual({ events: [], isComplete: true });
});

test('what is not kept any more is missed by who comes from before it, and by nobody else', () => {
  const feed = new EventFeed({ eventsMax: 4 });
  publish(feed, 1, 2, 3, 4, 5, 6, 7);
  expect(texts(feed.after(at(0), 10))).toEqual(['4', '5', '6', '7']);
  expect(feed.after(at(2), 10).isComplete).toBe(false);
  expect(feed.after(at(3), 10).isComplete).toBe(true);
});

test('a zone that began anew knows of no event before', () => {
  const feed = new EventFeed();
  publish(feed, 1);
  feed.beginAt(at(10));
  expect(feed.after(at(1), 10)).toEqual({ events: [], isComplete: false });
  expect(feed.after(feed.end, 10)).toEqual({ events: [], isComplete: true });
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
