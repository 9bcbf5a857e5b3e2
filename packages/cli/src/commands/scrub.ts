/** `scrub [ZONE ...]`: zones read all bytes of objects again; says what they found once they have. */
import { sleep, systemClock } from '@stormglass/base';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import type { CommandLine } from '../settings.ts';

const POLL_MS = 250;

export async function scrub(line: CommandLine): Promise<number> {
  const control = controlOf(line);
  const asked = line.words.length === 0 ? [undefined] : line.words;
  const begun = (await Promise.all(asked.map(zone => control.scrubObjects(zone)))).flat();
  let reports = await control.objects();
  while (reports.some(({ zone, scrub: { isRunning } }) => begun.includes(zone) && isRunning)) {
    await sleep(systemClock, POLL_MS);
    reports = await control.objects();
  }
  const found = reports.filter(({ zone }) => begun.includes(zone));
  result(line, found, () =>
    table(
      ['ZONE', 'BLOBS', 'READ', 'MISSING', 'DAMAGED', 'MENDED', 'BYTES'],
      found.map(({ zone, wanted, missing, damaged, repaired, storedBytes, scrub: { checked } }) =>
        [zone, wanted, checked, missing, damaged, repaired, storedBytes].map(String),
      ),
    ),
  );
  return found.some(({ missing, damaged }) => missing + damaged > 0) ? 1 : 0;
}
