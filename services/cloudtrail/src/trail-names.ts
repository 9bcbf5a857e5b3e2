/** Names and ARNs of trails, and how operations find the trail they are about. */
import type { Call, Caller } from '@stormglass/service-kit';
import type { CloudTrailDeps } from './deps.ts';
import { cloudTrailError } from './errors.ts';
import { unknownTrail } from './state/result.ts';
import type { Trail } from './state/trail.ts';

export const trailArn = ({ partition, region, accountId }: Caller, name: string): string =>
  `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${name}`;

/** What policies are asked about; the input is not validated yet. */
export const arnOf = (nameOrArn: unknown, caller: Caller): string =>
  String(nameOrArn).startsWith('arn:') ? String(nameOrArn) : trailArn(caller, String(nameOrArn));

/** The permission of operations whose input names one trail. */
export const onTrail = {
  resource: (input: { readonly Name?: unknown; readonly TrailName?: unknown }, caller: Caller) =>
    arnOf(input.Name ?? input.TrailName, caller),
};

const LEAST = 3;
const MOST = 128;

/**
 * The name, when it is one (`CreateTrail`, "Naming requirements").
 * @throws AwsError InvalidTrailNameException
 */
export function checkedName(name: string): string {
  const invalid = (message: string) => cloudTrailError('InvalidTrailNameException', message);
  if (name === '') throw invalid('Trail name cannot be blank!');
  const length = `Specified name length: ${name.length} characters.`;
  if (name.length < LEAST)
    throw invalid(`Trail name too short. Minimum allowed length: ${LEAST} characters. ${length}`);
  if (name.length > MOST) throw invalid(`Trail name too long. Maximum allowed length: ${MOST} characters. ${length}`);
  if (!/^[\w.-]+$/.test(name)) {
    throw invalid(
      'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
    );
  }
  if (!/^[a-z\d]/i.test(name)) throw invalid('Trail name must starts with a letter or number.');
  if (!/[a-z\d]$/i.test(name)) throw invalid('Trail name must ends with a letter or number.');
  if (/[._-]{2}/.test(name)) throw invalid('Trail name cannot have adjacent periods, underscores or hyphens.');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) throw invalid('Trail name cannot be in the form of an IP address.');
  return name;
}

const ARN = /^arn:[^:]+:cloudtrail:([^:]+):(\d{12}):trail\/(.+)$/;

/**
 * The name of a trail of the caller's that is given by its name or its ARN.
 * @throws AwsError when it cannot be one
 */
export function nameOf(nameOrArn: string, { accountId, region }: Caller): string {
  if (!nameOrArn.startsWith('arn:')) return checkedName(nameOrArn);
  const [, ofRegion, ofAccount, name] = ARN.exec(nameOrArn) ?? [];
  if (name === undefined) {
    throw cloudTrailError('CloudTrailARNInvalidException', `${nameOrArn} is not the ARN of a trail.`);
  }
  if (ofRegion !== region || ofAccount !== accountId) {
    throw cloudTrailError('TrailNotFoundException', unknownTrail(nameOrArn, accountId));
  }
  return checkedName(name);
}

/** @throws AwsError when there is no such trail */
export function findTrail({ replica }: CloudTrailDeps, call: Call, nameOrArn: string): Trail {
  const trail = replica.view.trail(call.accountId, nameOf(nameOrArn, call));
  if (trail === undefined) {
    throw cloudTrailError('TrailNotFoundException', unknownTrail(nameOrArn, call.accountId));
  }
  return trail;
}
