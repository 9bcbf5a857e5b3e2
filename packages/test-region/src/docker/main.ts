/** The process that keeps a region in containers: up while its test process lives, down with all volumes after. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ComposeProject, dockerWith } from '@stormglass/compose/control';
import { WorldClient } from '@stormglass/contracts';
import { keep } from '../keeper/keep.ts';
import type { DockerReady, DockerStart } from './docker-driver.ts';

/** Ports of the container `world`. */
const FRONT_DOOR = 4566;
const CONTROL = 4590;

await keep<DockerStart, DockerReady>(async ({ timeoutMs, environment, ...name }) => {
  const project = new ComposeProject(dockerWith(environment), name);
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-test-region-'));
  const close = async () => {
    rmSync(folder, { recursive: true, force: true });
    await project.down();
  };
  try {
    await project.up(timeoutMs);
    const control = await project.address('world', CONTROL);
    const { zones, rootFile: inContainer } = await new WorldClient(control).wait(timeoutMs);
    const rootFile = join(folder, 'ca.pem');
    writeFileSync(rootFile, await project.readFile('world', inContainer));
    const endpointOf = async (port: number) => {
      const address = await project.address('world', port);
      return `http://${address.host}:${address.port}`;
    };
    const zoneEndpoints: Record<string, string> = {};
    for (const [i, { id }] of zones.entries()) zoneEndpoints[id] = await endpointOf(FRONT_DOOR + 1 + i);
    return { ready: { control, rootFile, endpoint: await endpointOf(FRONT_DOOR), zoneEndpoints }, close };
  } catch (error) {
    await close();
    throw error;
  }
});
