/**
 * The regions there are, by partition: which is home to the global control planes, and which an account must opt in to.
 * AWS, "AWS Regions" (Account Management Reference Guide).
 */

interface Partition {
  readonly homeRegion: string;
  /** In use by every account from its first day. */
  readonly defaultRegions: readonly string[];
  /** In use by an account when it says so. */
  readonly optInRegions: readonly string[];
}

const PARTITIONS: Readonly<Record<string, Partition>> = {
  aws: {
    homeRegion: 'us-east-1',
    defaultRegions: [
      ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
      ...['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
      ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
    ],
    optInRegions: [
      ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
      ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2'],
      ...['il-central-1', 'me-central-1', 'me-south-1', 'mx-central-1'],
    ],
  },
  'aws-cn': { homeRegion: 'cn-north-1', defaultRegions: ['cn-north-1', 'cn-northwest-1'], optInRegions: [] },
  'aws-eusc': { homeRegion: 'eusc-de-east-1', defaultRegions: ['eusc-de-east-1'], optInRegions: [] },
  'aws-us-gov': { homeRegion: 'us-gov-west-1', defaultRegions: ['us-gov-east-1', 'us-gov-west-1'], optInRegions: [] },
};

/** The partition a region belongs to. A region that is not in the catalogue is one of `aws`, and is opted in to. */
export function partitionOf(region: string): string {
  const found = Object.entries(PARTITIONS).find(([, { defaultRegions }]) => defaultRegions.includes(region));
  return found?.[0] ?? 'aws';
}

/** Where the global control planes of a partition live. An unknown partition has those of `aws`. */
export const homeRegionOf = (partition: string): string => (PARTITIONS[partition] ?? PARTITIONS.aws!).homeRegion;

/** Whether every account uses the region without asking for it. */
export const isDefaultRegion = (region: string): boolean =>
  Object.values(PARTITIONS).some(({ defaultRegions }) => defaultRegions.includes(region));

/** All regions of a partition, in the order of their names. */
export function regionsOf(partition: string): readonly string[] {
  const { defaultRegions = [], optInRegions = [] } = PARTITIONS[partition] ?? {};
  return [...defaultRegions, ...optInRegions].sort();
}
