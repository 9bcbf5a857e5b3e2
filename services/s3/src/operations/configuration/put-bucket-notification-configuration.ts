/** Says who is told of changes in a bucket: the stream of events, or nobody. */
import { configure } from '../../configurations.ts';
import { notOffered } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketNotificationConfiguration = s3Operation({
  name: 'PutBucketNotificationConfiguration',
  state: 'write',
  permission: PERMISSIONS.PutBucketNotificationConfiguration,
  gaps: [
    'Events go to the stream of the region, which stands in for EventBridge; topics, queues and functions are refused.',
  ],
  handle({ Bucket = '', NotificationConfiguration: asked = {} }, call, deps) {
    const { EventBridgeConfiguration, TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations } = asked;
    const others = [TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations];
    if (others.some(list => list !== undefined && list.length > 0))
      throw notOffered('Notification of topics, queues and functions');
    const value = EventBridgeConfiguration === undefined ? null : { EventBridgeConfiguration: {} };
    return configure(deps, call, Bucket, 'notification', value);
  },
});
