/**
 * Lifecycle configurations as clients write them: checked in S3's words, kept as JSON, given back ("Lifecycle
 * configuration elements", Amazon S3 User Guide). What the rules mean stands in `lifecycle/`.
 */
import type {
  BucketLifecycleConfiguration,
  LifecycleExpiration,
  LifecycleRule,
  LifecycleRuleFilter,
} from '@aws-sdk/client-s3';
import { hexId, type Random } from '@stormglass/base';
import type { Json } from '@stormglass/object-index';
import { malformedXml, notOffered, s3Problem } from './errors.ts';

const RULES_MAX = 1000;
const ID_LENGTH_MAX = 255;

const invalid = (message: string) => s3Problem('InvalidRequest', message);
const wrong = (message: string) => s3Problem('InvalidArgument', message);

/**
 * The rules, each with an id.
 * @throws AwsError MalformedXML, InvalidRequest, InvalidArgument, NotImplemented
 */
export function lifecycleConfiguration(
  { Rules = [] }: BucketLifecycleConfiguration,
  random: Random,
): readonly LifecycleRule[] {
  if (Rules.length === 0 || Rules.length > RULES_MAX) throw malformedXml();
  const rules = Rules.map(rule => ({ ...rule, ID: rule.ID || hexId(random, 16) }));
  if (new Set(rules.map(({ ID }) => ID)).size < rules.length)
    throw wrong('Rule ID must be unique. Found same ID for more than one rule');
  for (const rule of rules) checkRule(rule);
  return rules;
}

/** What was kept, with its dates as dates. */
export function storedRules(kept: Json): BucketLifecycleConfiguration {
  const { Rules, ...others } = kept as unknown as { readonly Rules: readonly LifecycleRule[] };
  return { ...others, Rules: Rules.map(withDate) };
}

function withDate(rule: LifecycleRule): LifecycleRule {
  const { Expiration } = rule;
  if (Expiration?.Date === undefined) return rule;
  return { ...rule, Expiration: { ...Expiration, Date: new Date(Expiration.Date) } };
}

function checkRule(rule: LifecycleRule): void {
  const { ID = '', Status, Filter, Prefix, Expiration } = rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml();
  if (ID.length > ID_LENGTH_MAX) throw wrong('ID length should not exceed allowed limit of 255');
  if (Filter === undefined ? Prefix === undefined : Prefix !== undefined) throw malformedXml();
  if (Filter !== undefined) checkFilter(Filter);
  if (rule.Transitions !== undefined || rule.NoncurrentVersionTransitions !== undefined)
    throw notOffered('Transition to other storage classes');
  const { NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  if (Expiration === undefined && noncurrent === undefined && abort === undefined)
    throw invalid('At least one action needs to be specified in a rule');
  if (Expiration !== undefined) checkExpiration(Expiration);
  if (noncurrent !== undefined) {
    mustBePositive(noncurrent.NoncurrentDays, "'NoncurrentDays' for NoncurrentVersionExpiration action");
    if (noncurrent.NewerNoncurrentVersions !== undefined)
      mustBePositive(
        noncurrent.NewerNoncurrentVersions,
        "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action",
      );
  }
  if (abort !== undefined) {
    mustBePositive(abort.DaysAfterInitiation, "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action");
    if (tagsOf(Filter).length > 0) throw invalid('AbortIncompleteMultipartUpload cannot be specified with Tags.');
  }
  if (Expiration?.ExpiredObjectDeleteMarker !== undefined && tagsOf(Filter).length > 0)
    throw invalid('ExpiredObjectDeleteMarker cannot be specified with Tags.');
}

function mustBePositive(days: number | undefined, what: string): void {
  if (days === undefined) throw malformedXml();
  if (!Number.isSafeInteger(days) || days <= 0) throw wrong(`${what} must be a positive integer`);
}

const DAY_MS = 24 * 60 * 60 * 1000;

function checkExpiration({ Days, Date: date, ExpiredObjectDeleteMarker: marker }: LifecycleExpiration): void {
  if ([Days, date, marker].filter(each => each !== undefined).length !== 1) throw malformedXml();
  if (Days !== undefined) mustBePositive(Days, "'Days' for Expiration action");
  if (date !== undefined && date.getTime() % DAY_MS !== 0) throw wrong("'Date' must be at midnight GMT");
}

const tagsOf = (filter: LifecycleRuleFilter | undefined) => [
  ...(filter?.Tag === undefined ? [] : [filter.Tag]),
  ...(filter?.And?.Tags ?? []),
];

function checkFilter(filter: LifecycleRuleFilter): void {
  const { And, Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan } = filter;
  const alone = [And, Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan].filter(each => each !== undefined);
  if (alone.length > 1) throw malformedXml();
  const [above, below] = [And?.ObjectSizeGreaterThan, And?.ObjectSizeLessThan];
  if (above !== undefined && below !== undefined && above >= below)
    throw invalid("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
  const keys = tagsOf(filter).map(({ Key }) => Key);
  if (keys.some(key => key === undefined || key === '')) throw malformedXml();
  if (new Set(keys).size < keys.length) throw invalid('Duplicate Tag Keys are not allowed.');
}
