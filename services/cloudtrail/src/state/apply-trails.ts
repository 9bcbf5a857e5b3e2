/** What commands do to trails. */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { TrailCommand } from './commands.ts';
import { claim, report, started, stopped } from './delivery.ts';
import { type CloudTrailResult, refused, unknownTrail } from './result.ts';
import { ALL_MANAGEMENT_EVENTS, QUOTAS, type Tag, type Trail } from './trail.ts';

/** Trails by account and name. */
export type Trails = Map<string, Trail>;

export const trailKey = (accountId: string, name: string): string => `${accountId}/${name}`;

export function applyToTrails(trails: Trails, command: TrailCommand, context: ApplyContext): CloudTrailResult {
  const { accountId, name } = command;
  const key = trailKey(accountId, name);
  const trail = trails.get(key);
  if (command.type === 'CreateTrail') return create(trails, trail, command);
  if (trail === undefined) return refused('TrailNotFoundException', unknownTrail(name, accountId));
  if (command.type === 'DeleteTrail') {
    trails.delete(key);
    return { ok: true, trail };
  }
  const changed = change(trail, command, context);
  if (changed.tags.length > QUOTAS.tagsPerTrail) {
    return refused('TagsLimitExceededException', `A trail has at most ${QUOTAS.tagsPerTrail} tags.`);
  }
  trails.set(key, changed);
  return { ok: true, trail: changed };
}

function create(
  trails: Trails,
  existing: Trail | undefined,
  { accountId, name, arn, settings, tags }: TrailCommand & { type: 'CreateTrail' },
): CloudTrailResult {
  if (existing !== undefined) {
    return refused('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${accountId}`);
  }
  const own = [...trails.values()].filter(each => each.accountId === accountId);
  if (own.length >= QUOTAS.trailsPerAccount) {
    const message = `User: ${accountId} already has ${QUOTAS.trailsPerAccount} trails in ${arn.split(':')[3]}.`;
    return refused('MaximumNumberOfTrailsExceededException', message);
  }
  const trail = { ...settings, accountId, name, arn, tags, isLogging: false, selectors: [ALL_MANAGEMENT_EVENTS] };
  trails.set(trailKey(accountId, name), trail);
  return { ok: true, trail };
}

type Change = Exclude<TrailCommand, { type: 'CreateTrail' | 'DeleteTrail' }>;

function change(trail: Trail, command: Change, context: ApplyContext): Trail {
  const { now } = context;
  switch (command.type) {
    case 'UpdateTrail':
      return { ...trail, ...command.settings };
    case 'StartLogging':
      return trail.isLogging
        ? trail
        : { ...trail, isLogging: true, startedAt: now, delivery: started(trail.delivery, context) };
    case 'StopLogging':
      return trail.isLogging
        ? { ...trail, isLogging: false, stoppedAt: now, ...stopped(trail.delivery, context) }
        : trail;
    case 'ClaimDelivery':
      return trail.delivery === undefined ? trail : { ...trail, delivery: claim(trail.delivery, command, now) };
    case 'ReportDelivery':
      return trail.delivery === undefined ? trail : { ...trail, delivery: report(trail.delivery, command, now) };
    case 'PutEventSelectors':
      return { ...trail, selectors: command.selectors };
    case 'AddTags':
      return {
        ...trail,
        tags: [
          ...without(
            trail.tags,
            command.tags.map(({ key }) => key),
          ),
          ...command.tags,
        ],
      };
    case 'RemoveTags':
      return { ...trail, tags: without(trail.tags, command.keys) };
  }
}

const without = (tags: readonly Tag[], keys: readonly string[]): readonly Tag[] =>
  tags.filter(({ key }) => !keys.includes(key));
