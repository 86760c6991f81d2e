/** A message of a stream of events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface SseMessage {
  /** What the reader repeats in `Last-Event-ID` to go on after this message; without `data` that alone. */
  id?: string | undefined;
  /** @default message */
  event?: string | undefined;
  /** In one line. */
  data?: string | undefined;
}

export function formatMessage({ id, event, data }: SseMessage): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(data === undefined ? [] : [`data: ${data}`]),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** Says nothing, so that either side notices when the other has gone. */
export const HEARTBEAT = ':\n\n';

/** How long a browser waits before it connects again. */
export function formatRetry(afterMs: number): string {
  return `retry: ${Math.round(afterMs)}\n\n`;
}
