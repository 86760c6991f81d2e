import type { FollowedEvents } from '@serve.zone/baseos-cloudly-handlers';
import type { StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { messagesOf } from './followed-messages.js';
import { formatMessage, formatRetry, HEARTBEAT } from './sse-message.js';

export interface EventStreamOptions {
  first: FollowedEvents;
  /** What follows; `undefined` when nothing more will. */
  next: () => Promise<FollowedEvents | undefined>;
  /** Whether whoever reads may still do so. Never rejects. */
  isStillAllowed: () => Promise<boolean>;
  startTimer: StartTimer;
  /** How long a browser is to wait before it connects again. */
  retryAfterMs: number;
  onError: (error: unknown) => void;
  /** Called once, when nothing is sent any longer. */
  onEnd: () => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** How often something is sent if nothing happens. */
const BEAT_MS = 15_000;

/** How often it is judged again who reads. */
const BEATS_PER_JUDGEMENT = 2;

/** So many bytes may wait to be taken, and beside them what is read at once. */
const WAITING_BYTES = 65_536;

/**
 * Events as the body of a response. It ends when its reader leaves, or may no longer read; it fails when its reader takes nothing
 * of what waits for half a minute. Whoever reads goes on after the last place that it has told.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { first, next, isStillAllowed, startTimer, onError, onEnd } = options;
  const encoder = new TextEncoder();
  let place = first.after;
  let toldPlace = '';
  let hasEnded = false;
  let stopTimer = (): void => undefined;

  const say = (controller: Controller, text: string): void => controller.enqueue(encoder.encode(text));

  /** Says what happened, and whether that was anything. */
  const tell = (controller: Controller, followed: FollowedEvents): boolean => {
    const text = messagesOf(followed);
    place = followed.after;
    if (text !== '') say(controller, text);
    return text !== '';
  };

  /** So that whoever comes back does not read again what was hidden from them. */
  const tellPlace = (controller: Controller): void => {
    say(controller, place === toldPlace ? HEARTBEAT : formatMessage({ id: place }));
    toldPlace = place;
  };

  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    stopTimer();
    onEnd();
  };

  const beat = (controller: Controller, count: number, wasFull: boolean): void => {
    const isFull = (controller.desiredSize ?? 0) <= 0;
    if (isFull && wasFull) {
      end();
      controller.error(new Error('The reader takes nothing'));
      return;
    }
    if (!isFull) tellPlace(controller);
    stopTimer = startTimer(BEAT_MS, () => beat(controller, count + 1, isFull));
    if (count % BEATS_PER_JUDGEMENT === 0) void judge(controller);
  };

  const judge = async (controller: Controller): Promise<void> => {
    if ((await isStillAllowed()) || hasEnded) return;
    end();
    controller.close();
  };

  const pull = async (controller: Controller): Promise<void> => {
    // A stream is not pulled again until something was said.
    for (;;) {
      const followed = await next();
      if (hasEnded || (followed && tell(controller, followed))) return;
      if (!followed) {
        end();
        controller.close();
        return;
      }
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        say(controller, formatRetry(options.retryAfterMs));
        tell(controller, first);
        tellPlace(controller);
        stopTimer = startTimer(BEAT_MS, () => beat(controller, 1, false));
      },
      pull: (controller) =>
        pull(controller).catch((error: unknown) => {
          end();
          onError(error);
          throw error;
        }),
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING_BYTES }),
  );
}
