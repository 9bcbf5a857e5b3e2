/**
 * The S3 service: its operations bound to the zone's replica of the index and to the bytes of objects. The state (`state.ts`
 * of this service, as it were) lives in `packages/object-index`, the bytes in `packages/blob-store`.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import { checkDocument } from './checksums/check-document.ts';
import { addCorsHeaders, preflight } from './cors/cors-headers.ts';
import type { S3Deps } from './deps.ts';
import { accessDenied } from './errors.ts';
import { OPERATIONS } from './operations/index.ts';
import { postForms } from './post-form/post-object.ts';
import { redirectElsewhere } from './region-redirect.ts';

/** Documents: the keys of a deletion, the parts of an upload, a policy, rules. */
const DOCUMENT_BYTES_MAX = 2 * 1024 * 1024;

export function createS3Service(deps: S3Deps): Service {
  const { index } = deps;
  return bindService(loadService(schema), OPERATIONS, deps, {
    isGlobal: false,
    anonymous: true,
    alsoSignedAs: ['s3express'],
    bodyBytesMax: DOCUMENT_BYTES_MAX,
    upToDate: deadline => index.upToDate(deadline),
    async before(request) {
      await redirectElsewhere(deps, request);
      return request.method === 'OPTIONS' ? preflight(index.view, request) : undefined;
    },
    after: (request, response) => addCorsHeaders(index.view, request, response),
    checkBody: checkDocument,
    unmodelled: postForms(deps),
    denied: accessDenied,
  });
}
