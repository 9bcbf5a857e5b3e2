/** Whether what came back is something an AWS client can make sense of. */
import { type Exchange, errorCode, type RawResponse } from '@stormglass/testing';

/** What is wrong with the answers to a spoiled request; undefined when each is AWS-shaped and the end is clean. */
export function complaint({ responses, rest, end }: Exchange): string | undefined {
  if (end !== 'closed') return `the connection ended ${end}`;
  if (rest !== '') return `bytes that are no response: ${JSON.stringify(rest.slice(0, 200))}`;
  for (const response of responses) {
    const wrong = responseComplaint(response);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const SERVER_ERRORS_EXPECTED = [501, 503];

function responseComplaint(response: RawResponse): string | undefined {
  const { status, head, body } = response;
  if (status === 100) return undefined;
  // Answers of S3 are documents of many names, or none.
  if (status < 400 && /\r\nx-amz-id-2: /i.test(head)) return undefined;
  // Answers of DynamoDB are JSON, and tell their checksum.
  if (status === 200 && body.startsWith('{') && /\r\nx-amz-crc32: \d/i.test(head)) return undefined;
  if (status === 200)
    return /^<\w+Response[ >]/.test(body) ? undefined : `200 with ${JSON.stringify(body.slice(0, 200))}`;
  if (status >= 500 && !SERVER_ERRORS_EXPECTED.includes(status)) return `status ${status}: ${body.slice(0, 200)}`;
  if (errorCode(response) === undefined) return `status ${status} without an AWS error: ${body.slice(0, 200)}`;
  if (!/\r\nx-amz(n-|-)request-?id: [0-9a-f-]{36}/i.test(head)) return `status ${status} without a request id: ${head}`;
  return undefined;
}
