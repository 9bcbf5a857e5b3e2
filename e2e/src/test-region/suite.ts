/** A suite of node:test, run by `test-region.e2e.test.ts`: its second test finds whole what the first one broke. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { useRegion } from '@stormglass/test-region/node-test';

describe('a region in node:test', () => {
  const hooks = useRegion();
  const iam = () => {
    const { endpoint, name, credentials } = hooks.region;
    return new IAMClient({ endpoint, region: name, credentials });
  };

  it('serves without a zone', async () => {
    await hooks.region.zone('use1-az1').fail();
    await iam().send(new CreateUserCommand({ UserName: 'ada' }));
  });

  it('has all of its zones again', async () => {
    const { zones, faults } = await hooks.region.status();
    assert.deepEqual([zones.map(({ healthy }) => healthy), faults], [[true, true, true], []]);
    const { User } = await iam().send(new GetUserCommand({ UserName: 'ada' }));
    assert.equal(User?.UserName, 'ada');
  });
});

it('says when it is used too early', () => {
  assert.throws(() => useRegion().region, /the region starts before the first test/);
});
