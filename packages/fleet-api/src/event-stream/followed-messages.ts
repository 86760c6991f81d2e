import {
  type FleetEvent,
  type FollowedEvents,
  formatPlace,
  parsePlace,
  type ResetReason,
} from '@serve.zone/baseos-cloudly-handlers';
import { formatMessage, type SseMessage } from './sse-message.js';

/** The messages for events, each with the place after it. None for a place alone. */
export function messagesOf({ events, after, reset }: FollowedEvents): string {
  const epoch = parsePlace(after)?.epoch ?? '';
  const ofReset = reset ? formatMessage({ id: after, event: 'reset', data: JSON.stringify({ reason: reset }) }) : '';
  const ofEvents = events.map((event) =>
    formatMessage({ id: formatPlace({ epoch, position: event.position }), data: JSON.stringify(event) }),
  );
  return ofReset + ofEvents.join('');
}

/** What a message says; `undefined` for one of a newer server, of another kind. @throws SyntaxError for what is no JSON */
export function followedOf({ id, event, data }: SseMessage): FollowedEvents | undefined {
  if (id === undefined || !parsePlace(id)) return undefined;
  if (data === undefined) return { events: [], after: id };
  if (event === undefined) return { events: [JSON.parse(data) as FleetEvent], after: id };
  if (event !== 'reset') return undefined;
  const { reason } = JSON.parse(data) as { reason: ResetReason };
  return { events: [], after: id, reset: reason };
}
