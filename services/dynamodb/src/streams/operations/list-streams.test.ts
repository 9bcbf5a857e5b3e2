import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { ListStreamsCommand, type ListStreamsCommandInput } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, OTHER_ACCOUNT, refusal } from '../../testing/dynamodb-host.ts';
import { streamsClientOf } from '../testing/stream-reader.ts';
import { StreamsRig } from '../testing/streams-rig.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMES = ['list-a', 'list-b', 'list-c'];

let rig: StreamsRig;
beforeAll(async () => {
  rig = await StreamsRig.start();
  for (const name of NAMES) await rig.table(name);
  await rig.host.table('none');
});
afterAll(() => rig.host.close());

const list = (input: ListStreamsCommandInput = {}, as = rig.host.root) =>
  streamsClientOf(as).send(new ListStreamsCommand(input));
const arnsOf = async (input: ListStreamsCommandInput = {}) =>
  (await list(input)).Streams!.map(({ StreamArn }) => StreamArn!);
const streamOf = (name: string) => `${arnOf(name)}/stream/${rig.tableOf(name).streamLabel}`;

describe('ListStreams', () => {
  it('lists the streams of the account, or of a table', async () => {
    expect(await arnsOf()).toEqual(NAMES.map(streamOf));
    const { Streams } = await list({ TableName: 'list-b' });
    const label = rig.tableOf('list-b').streamLabel;
    expect(Streams).toEqual([{ StreamArn: streamOf('list-b'), TableName: 'list-b', StreamLabel: label }]);
    expect(await arnsOf({ TableName: 'none' })).toEqual([]);
    expect(await arnsOf({ TableName: 'nowhere' })).toEqual([]);
    expect((await list({}, rig.host.client(OTHER_ACCOUNT))).Streams).toEqual([]);
  });

  it('does so in pages', async () => {
    const first = await list({ Limit: 2 });
    expect(first.Streams).toHaveLength(2);
    expect(first.LastEvaluatedStreamArn).toBe(streamOf('list-b'));
    const rest = await list({ Limit: 2, ExclusiveStartStreamArn: first.LastEvaluatedStreamArn! });
    expect(rest.Streams!.map(({ TableName }) => TableName)).toEqual(['list-c']);
    expect(rest.LastEvaluatedStreamArn).toBeUndefined();
    for (const Limit of [0, 101])
      await expect(list({ Limit })).rejects.toMatchObject(
        refusal('ValidationException', expect.stringContaining(`Value '${Limit}' at 'limit' failed to satisfy`)),
      );
  });

  it('needs to be allowed', async () => {
    const nobody = await rig.host.user('nobody', []);
    await expect(list({}, nobody)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('has streams that ended for a day', async () => {
    const ended = [streamOf('list-a'), streamOf('list-c')];
    await rig.disable('list-a');
    await rig.host.root.send(new DeleteTableCommand({ TableName: 'list-c' }));
    await rig.host.settle();
    expect(await arnsOf()).toEqual(expect.arrayContaining(ended));
    await rig.pass(DAY_MS + 1000);
    expect(await arnsOf()).toEqual([streamOf('list-b')]);
  });
});
