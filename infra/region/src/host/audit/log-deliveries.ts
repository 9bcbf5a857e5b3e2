/**
 * Log files of CloudTrail on their way to buckets: in the host that has S3 as well by themselves, else from the container
 * of CloudTrail to the container of S3 of its zone.
 */
import { errorStory, type Logger } from '@stormglass/base';
import type { DeliverLog, LogDelivery } from '@stormglass/cloudtrail';
import { INTERNAL } from '@stormglass/contracts';
import type { InternalAnswer } from '../internal-call.ts';
import type { RegionRoutes } from '../region-routes.ts';

/** What a call that brings a log file says. */
type CarriedLog = Omit<LogDelivery, 'file'> & { readonly file?: string };

/** Takes files through `call`, which posts its argument to a host with S3. */
export const deliverOver =
  (call: (body: CarriedLog) => Promise<InternalAnswer>): DeliverLog =>
  async ({ file, ...rest }) => {
    const { status, text } = await call({ ...rest, ...(file && { file: file.toString('base64') }) });
    if (status !== 200) throw new Error(`a log file was answered with ${status}: ${text.slice(0, 200)}`);
    return (JSON.parse(text) as { readonly error?: string }).error;
  };

/** Takes them from other hosts of the zone; a host without S3 has no such route. */
export function logRoutes(deliver: DeliverLog | undefined, logger: Logger): RegionRoutes {
  if (deliver === undefined) return {};
  return {
    async [`POST ${INTERNAL.logFiles}`]({ body }) {
      const carried = readCarried(body);
      if (carried === undefined) return { status: 400, json: { message: 'this is no log file' } };
      try {
        const error = await deliver(carried);
        return { status: 200, json: error === undefined ? {} : { error } };
      } catch (error) {
        logger.info('a log file was not taken', { error: errorStory(error) });
        return { status: 503, json: { message: (error as Error).message } };
      }
    },
  };
}

function readCarried(body: unknown): LogDelivery | undefined {
  const { bucket, key, accountId, trailArn, file } = (body ?? {}) as Partial<Record<string, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX;
  if (!isText(bucket) || !isText(key) || !isText(accountId) || !isText(trailArn)) return undefined;
  if (file === undefined) return { bucket, key, accountId, trailArn };
  return typeof file === 'string' ? { bucket, key, accountId, trailArn, file: Buffer.from(file, 'base64') } : undefined;
}

const TEXT_MAX = 2048;
