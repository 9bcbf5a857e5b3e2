/** Lists the record sets of a zone: by name, labels reversed, then type, then set identifier. */

import type { RRType } from '@aws-sdk/client-route-53';
import { defined } from '@stormglass/base';
import { canonicalName, NameProblem, type RecordSetStart } from '@stormglass/hosted-zones';
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { findZone } from '../find.ts';
import { maxItems, pageOf, RECORD_SETS_MAX } from '../paging.ts';
import { onZone } from '../permissions.ts';
import { shownRecordSet } from '../shapes.ts';

export const listResourceRecordSets = operation<Route53Client, 'ListResourceRecordSets', Route53Deps>({
  name: 'ListResourceRecordSets',
  state: 'strong-read',
  permission: onZone,
  handle(input, call, deps) {
    const { StartRecordName, StartRecordType, StartRecordIdentifier, MaxItems } = input;
    const zone = findZone(deps, call, input.HostedZoneId!);
    if (StartRecordType !== undefined && StartRecordName === undefined)
      throw invalidInput('The request must specify StartRecordName if it specifies StartRecordType.');
    if (StartRecordIdentifier !== undefined && StartRecordType === undefined)
      throw invalidInput('The request must specify StartRecordType if it specifies StartRecordIdentifier.');
    const max = maxItems(MaxItems, RECORD_SETS_MAX);
    const start =
      StartRecordName === undefined ? undefined : startOf(StartRecordName, StartRecordType, StartRecordIdentifier);
    const { items, next } = pageOf(deps.replica.view.recordSets(zone.id, start), max);
    return {
      ResourceRecordSets: items.map(shownRecordSet),
      IsTruncated: next !== undefined,
      ...(next === undefined
        ? {}
        : {
            NextRecordName: next.name,
            NextRecordType: next.type as RRType,
            ...defined({ NextRecordIdentifier: next.setIdentifier }),
          }),
      MaxItems: max,
    };
  },
});

function startOf(name: string, type: string | undefined, setIdentifier: string | undefined): RecordSetStart {
  try {
    return { name: canonicalName(name), type, setIdentifier };
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error;
    throw invalidInput(`FATAL problem: ${error.message} encountered with '${name}'`);
  }
}
