import { expect, it } from 'vitest';
import { ComposeProject } from './compose-project.ts';

/** A project whose commands are remembered, and answered by `answer`. */
function projectWith(answer: (command: string) => string) {
  const commands: string[] = [];
  const run = async (args: readonly string[]) => {
    commands.push(args.join(' '));
    return answer(args.join(' '));
  };
  return { commands, project: new ComposeProject(run, { project: 'p1', file: 'region.yaml' }) };
}

it('comes up healthy, and goes with its volumes, paused or not', async () => {
  const { project, commands } = projectWith(command => {
    if (command.endsWith('unpause')) throw new Error('nothing is paused');
    return '';
  });
  await project.up(90_500);
  await project.down();
  expect(commands).toEqual([
    'compose --progress quiet --project-name p1 --file region.yaml up --detach --wait --wait-timeout 91',
    'compose --progress quiet --project-name p1 --file region.yaml unpause',
    'compose --progress quiet --project-name p1 --file region.yaml down --volumes --remove-orphans --timeout 5',
  ]);
});

it('names the containers that are not healthy', async () => {
  const { project } = projectWith(command => {
    if (command.includes(' up ')) throw new Error('application not healthy after 3m0s');
    return command.includes(' ps ') ? 'iam Up 2 minutes (health: starting)\nsts Up 2 minutes (healthy)\n' : '';
  });
  await expect(project.up(1000)).rejects.toThrow('not healthy: iam Up 2 minutes (health: starting)');
});

it('finds out where ports are published', async () => {
  const { project, commands } = projectWith(() => '0.0.0.0:49153\n[::]:49153\n');
  expect(await project.address('world', 4566)).toEqual({ host: '127.0.0.1', port: 49153 });
  expect(commands).toEqual(['compose --progress quiet --project-name p1 --file region.yaml port world 4566']);
});

it('knows where all ports of a service are published', async () => {
  const port = (URL: string, TargetPort: number, PublishedPort: number, Protocol: string) => ({
    ...{ URL, TargetPort, PublishedPort, Protocol },
  });
  const all = [port('127.0.0.1', 4567, 4667, 'tcp'), port('::', 5300, 5400, 'udp'), port('', 7101, 0, 'tcp')];
  const { project, commands } = projectWith(() => `${JSON.stringify({ Name: 'world', Publishers: all })}\n`);
  expect(Object.fromEntries(await project.published('world'))).toEqual({
    '4567/tcp': { host: '127.0.0.1', port: 4667 },
    '5300/udp': { host: '127.0.0.1', port: 5400 },
  });
  expect(commands).toEqual(['compose --progress quiet --project-name p1 --file region.yaml ps --format json world']);
  expect((await projectWith(() => '').project.published('world')).size).toBe(0);
});

it('says which port is not published', async () => {
  const { project } = projectWith(() => '\n');
  await expect(project.address('world', 80)).rejects.toThrow('port 80 of world is not published');
});

it('takes the containers of one zone of its own away, and gives them back', async () => {
  const { project, commands } = projectWith(command => (command.startsWith('ps') ? 'abc\ndef\n' : ''));
  const containers = await project.containersOf('use1-az1');
  await project.beginOutage('power-off', containers);
  await project.endOutage('power-off', containers);
  await project.beginOutage('freeze', containers);
  await project.endOutage('freeze', containers);
  expect(commands).toEqual([
    'ps --quiet --filter label=com.docker.compose.project=p1 --filter label=stormglass.zone=use1-az1',
    'kill abc def',
    'start abc def',
    'pause abc def',
    'unpause abc def',
  ]);
});

it('has no zone where no container runs', async () => {
  const { project } = projectWith(() => '');
  await expect(project.containersOf('use1-az9')).rejects.toThrow('no container of zone use1-az9 runs');
});
