/** The attributes that events are looked up by. */
import type { StoredEvent } from './state/event-table.ts';

interface Attribute {
  readonly AttributeKey?: string | undefined;
  readonly AttributeValue?: string | undefined;
}

/** Whether an event has the value of the attribute; validation has seen that there is such an attribute. */
export function matches({ id, index }: StoredEvent, { AttributeKey, AttributeValue: value }: Attribute): boolean {
  switch (AttributeKey) {
    case 'EventId':
      return id === value;
    case 'EventName':
      return index.name === value;
    case 'ReadOnly':
      return String(index.readOnly) === value;
    case 'Username':
      return index.user === value;
    case 'EventSource':
      return index.source === value;
    case 'AccessKeyId':
      return index.accessKeyId === value;
    case 'ResourceType':
      return index.resources.some(([type]) => type === value);
    case 'ResourceName':
      return index.resources.some(([, name]) => name === value);
    default:
      return false;
  }
}
