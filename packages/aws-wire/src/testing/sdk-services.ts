/** The official SDK clients that the tests compare with: a good spread over all protocols. */
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as eks from '@aws-sdk/client-eks';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { extractService } from '../extract/index.ts';
import { loadService, type ServiceModel } from '../schema/service-model.ts';

export type ClientModule = Readonly<Record<string, unknown>>;

const CLIENTS: Readonly<Record<string, ClientModule>> = {
  sts,
  iam,
  sns,
  cloudformation,
  ec2,
  dynamodb,
  sqs,
  cloudwatch,
  cloudtrail,
  kms,
  s3,
  'route-53': route53,
  lambda,
  eks,
};

export interface SdkService {
  readonly id: string;
  readonly client: ClientModule;
  readonly model: ServiceModel;
}

/** All services of the spread, with every operation of theirs. */
export const sdkServices = (): SdkService[] =>
  Object.entries(CLIENTS).map(([id, client]) => ({ id, client, model: loadService(extractService(client, { id })) }));

/** The seed of this run; `STORMGLASS_SEED` repeats one that failed. */
export const testSeed = (): number => Number(process.env.STORMGLASS_SEED ?? 20_260_101);
