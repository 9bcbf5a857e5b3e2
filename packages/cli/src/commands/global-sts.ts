/** `global-sts [legacy|regional] [REGION|ZONE ...]`: who answers `sts.amazonaws.com`, shown or set, while calls flow. */
import { GLOBAL_STS_MODES, type GlobalStsMode } from '@stormglass/contracts';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { regionsOf } from '../regions-of.ts';
import { type CommandLine, UsageError } from '../settings.ts';

export async function globalSts(line: CommandLine): Promise<number> {
  const [mode, ...places] = line.words;
  const control = controlOf(line);
  if (mode !== undefined) {
    if (!isMode(mode)) throw new UsageError(`global-sts needs one of ${GLOBAL_STS_MODES.join(', ')}; it got ${mode}`);
    for (const place of places.length === 0 ? [undefined] : places) await control.setGlobalSts(mode, place);
  }
  const zones = regionsOf(await control.status()).flatMap(region =>
    region.zones.map(({ id, globalSts }) => ({ zone: id, globalSts })),
  );
  result(line, zones, () =>
    table(
      ['ZONE', 'GLOBAL STS'],
      zones.map(({ zone, globalSts }) => [zone, globalSts]),
    ),
  );
  return 0;
}

const isMode = (text: string): text is GlobalStsMode => (GLOBAL_STS_MODES as readonly string[]).includes(text);
