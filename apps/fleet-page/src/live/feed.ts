import { signal as createSignal } from '@preact/signals';
import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { server } from '../session/server.js';

/** - `polling`: something on the way holds streams back, so that the page asks every few seconds. */
export type Connection = 'connecting' | 'live' | 'polling' | 'lost';

export const connection = createSignal<Connection>('connecting');

/** When the server was last heard, of a connection that is lost. */
export const lostSinceMs = createSignal<number | undefined>(undefined);

type Listener = (events: readonly FleetEvent[]) => void;

const listeners = new Set<Listener>();

/** Events as they happen; an empty list says that some were missed, and all is to be read anew. */
export function onEvents(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A stream says at once where it begins. */
const STREAM_PATIENCE_MS = 8000;
const POLL_EVERY_MS = 5000;
const POLLS_BEFORE_STREAM = 60;

/** Follows the events of the fleet until the signal aborts: by a stream where that works, else by asking. */
export async function followFleet(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (await followStream(signal)) return;
    await poll(signal);
  }
}

/** Resolves with whether it is over, rather than without effect. */
async function followStream(signal: AbortSignal): Promise<boolean> {
  const giveUp = new AbortController();
  let isHeard = false;
  const patience = setTimeout(() => giveUp.abort(), STREAM_PATIENCE_MS);
  const ending = AbortSignal.any([signal, giveUp.signal]);
  try {
    for await (const { events, reset } of server.followEvents({ signal: ending, onTrouble: lose })) {
      clearTimeout(patience);
      // After a break, nothing is lost: the stream goes on where it was.
      isHeard = true;
      hear('live');
      if (events.length > 0 || reset) tell(reset ? [] : events);
    }
  } catch {
    // Whoever was signed out sees it from the answer itself.
    return true;
  } finally {
    clearTimeout(patience);
  }
  return signal.aborted || isHeard;
}

async function poll(signal: AbortSignal): Promise<void> {
  let after: number | undefined;
  for (let count = 0; count < POLLS_BEFORE_STREAM && !signal.aborted; count += 1) {
    try {
      const events = await server.listEvents(after === undefined ? { limit: 1 } : { after });
      hear('polling');
      if (after !== undefined && events.length > 0) tell(events);
      after = events.at(-1)?.position ?? after ?? 0;
    } catch {
      lose();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
}

function hear(how: Connection): void {
  connection.value = how;
  lostSinceMs.value = undefined;
}

function lose(): void {
  connection.value = 'lost';
  lostSinceMs.value ??= Date.now();
}

function tell(events: readonly FleetEvent[]): void {
  for (const listener of listeners) listener(events);
}
