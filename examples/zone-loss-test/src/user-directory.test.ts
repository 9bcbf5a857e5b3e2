import { regionTest } from '@stormglass/test-region/vitest';
import { describe, expect } from 'vitest';
import { settings } from './settings.ts';
import { UserDirectory } from './user-directory.ts';
import { Visitors } from './visitors.ts';

const test = regionTest().extend('directory', async ({ region }, { onCleanup }) => {
  const { endpoint, name, credentials } = region;
  const directory = new UserDirectory(settings, { endpoint, region: name, credentials });
  onCleanup(() => directory.close());
  return directory;
});

describe('the user directory', () => {
  test('remembers who joined which team', async ({ directory }) => {
    await directory.join('storm', 'ada');
    expect(await directory.teamOf('ada')).toBe('storm');
    expect(await directory.members('storm')).toEqual(['ada']);
  });

  test('loses no call when a zone is lost', async ({ region, directory }) => {
    const zone = region.zone('use1-az2');
    const visitors = new Visitors(directory);
    visitors.come(20);
    await expect.poll(() => visitors.calls).toBeGreaterThan(100);

    // Frozen, because that is the worst: connections stay open, and nobody answers.
    await zone.fail({ mode: 'freeze' });
    const before = visitors.calls;
    await expect.poll(async () => (await zone.status()).healthy).toBe(false);
    await expect.poll(() => visitors.calls).toBeGreaterThan(before + 200);
    await zone.heal();
    await visitors.leave();

    expect(visitors.errors).toEqual([]);
    for (const name of visitors.joined.slice(-20)) expect(await directory.teamOf(name)).toBe('visitors');
  });
});
