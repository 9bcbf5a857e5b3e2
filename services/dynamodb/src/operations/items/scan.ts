/** Reads all items of a table or an index, or of one of several segments of it. */
import { InvalidInput } from '@stormglass/items';
import { hashesOf } from '../../data/cells.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { onTableOrIndex } from '../../data/item-permissions.ts';
import { freshen, positionOf, rowsOf, segmentRange } from '../../data/read-rows.ts';
import { checkSelect, isWholeWanted, targetOf } from '../../data/read-target.ts';
import { OF_SCANS, RequestExpressions } from '../../data/request-expressions.ts';
import { shownPage } from '../../data/shown-page.ts';
import { checkedStartKey, checkSegment, checkStartKey } from '../../data/start-key.ts';

export const scan = dataOperation<'Scan'>({
  name: 'Scan',
  state: 'local-read',
  permission: onTableOrIndex,
  async handle(input, call, deps) {
    const { IndexName, Limit, Select, Segment, TotalSegments, ReturnConsumedCapacity } = input;
    const expressions = new RequestExpressions(input, OF_SCANS);
    const start = checkedStartKey(input.ExclusiveStartKey);
    checkSegments(Segment, TotalSegments);
    checkSelect(input);
    const projection = expressions.open().projection();
    const filter = expressions.filter();
    expressions.close();
    const isStrong = input.ConsistentRead === true;
    const [segment, total] = [Segment ?? 0, TotalSegments ?? 1];
    const hashes = hashesOf(segment, total);
    return withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, input.TableName);
      const target = targetOf(table, IndexName, isStrong);
      if (start !== undefined) checkStartKey(start, target);
      const isWhole = isWholeWanted(target, Select, projection);
      // Rows of an index are beside the items, wherever these are.
      const partitions =
        target.index === undefined
          ? table.partitions.filter(({ from, to }) => from < hashes.to && to > hashes.from)
          : table.partitions;
      if (isStrong || attempt > 0) await freshen(deps, call, partitions, attempt);
      const after = start && positionOf(deps, target, start);
      if (after !== undefined) checkSegment(after, hashes, segment, total);
      const range = segmentRange(hashes);
      const page = rowsOf(deps, {
        target,
        range,
        partitions,
        isReverse: false,
        isWhole,
        isStrong,
        limit: Limit,
        after,
      });
      const isCount = Select === 'COUNT';
      return shownPage(page, {
        ...{ target, filter, projection, isCount, isStrong, isWhole, capacity: ReturnConsumedCapacity },
      });
    });
  },
});

function checkSegments(segment: number | undefined, total: number | undefined): void {
  if (segment === undefined && total === undefined) return;
  const [given, missing] = segment === undefined ? ['TotalSegments', 'Segment'] : ['Segment', 'TotalSegments'];
  if (segment === undefined)
    throw new InvalidInput(
      `The ${missing} parameter is required but was not present in the request when parameter ${given} is present`,
    );
  if (total === undefined)
    throw new InvalidInput(
      `The ${missing} parameter is required but was not present in the request when ${given} parameter is present`,
    );
  if (segment >= total)
    throw new InvalidInput(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
}
