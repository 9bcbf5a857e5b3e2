/** SDK clients whose requests belong to a span of the application. */
import type { IAMClient } from '@aws-sdk/client-iam';
import type { STSClient } from '@aws-sdk/client-sts';

export function traced<C extends IAMClient | STSClient>(client: C, traceparent: string): C {
  (client as IAMClient).middlewareStack.add(
    next => args => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { traceparent });
      return next(args);
    },
    { step: 'build', name: 'traceparent' },
  );
  return client;
}
