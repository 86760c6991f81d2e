import { type Caller, type EventFeed, type FollowedEvents, isPassing } from '@serve.zone/baseos-cloudly-handlers';
import { createDrain, type StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { FleetApiError, isFleetApiError } from '../problems/fleet-api-error.js';
import { type StreamQuery, streamRoutes } from '../routes/stream-routes.js';
import type { Service, Visit } from '../route/service.js';
import { eventStream } from './event-stream.js';
import { hasSameRights } from './has-same-rights.js';
import { createStreamPlaces, type StreamLimits } from './stream-places.js';

export interface StreamServiceOptions extends StreamLimits {
  feed: EventFeed;
  /** Who sends a request now. */
  authenticate: (request: Request, info: unknown) => Caller | undefined | Promise<Caller | undefined>;
  startTimer: StartTimer;
  random: () => number;
  onError: (error: unknown) => void;
}

/** Browsers come back one after the other when the server has restarted. */
const RETRY_MS = { min: 1000, max: 5000 };

export interface StreamService extends Service {
  countStreams(this: void): number;
  /** Ends all streams. Resolves when nothing is read for them any longer. */
  drain(this: void): Promise<void>;
}

/** Streams of events. */
export function streamService(options: StreamServiceOptions): StreamService {
  const { feed, authenticate, startTimer, random, onError } = options;
  const places = createStreamPlaces(options);
  const { run, drain } = createDrain();

  /** Whoever opened a stream reads with the rights of before until it is known that they have others. */
  const isStillAllowed = async ({ request, info }: Visit, caller: Caller): Promise<boolean> => {
    try {
      const now = await authenticate(request, info);
      return now !== undefined && hasSameRights(now, caller);
    } catch (error) {
      if (!isFleetApiError(error)) onError(error);
      // Without its database, the fleet has no events to tell either.
      return isPassing(error);
    }
  };

  const follow = (visit: Visit, caller: Caller, query: StreamQuery) => {
    const { signal, headers } = visit.request;
    const ending = new AbortController();
    const followed = feed.follow(caller, {
      ...query,
      after: headers.get('last-event-id') ?? query.after,
      signal: AbortSignal.any([ending.signal, signal]),
    });
    return {
      next: async (): Promise<FollowedEvents | undefined> => {
        const result = await run(() => followed.next());
        return result?.value ?? undefined;
      },
      end: (): void => {
        ending.abort();
        // One that is not being read ends by this.
        void followed.return(undefined).catch(() => undefined);
      },
    };
  };

  const open = async (visit: Visit, caller: Caller, query: StreamQuery): Promise<ReadableStream<Uint8Array>> => {
    const leave = places.enter(caller.actor);
    const { next, end } = follow(visit, caller, query);
    try {
      return eventStream({
        first: (await next()) ?? throwEnded(),
        next,
        isStillAllowed: () => isStillAllowed(visit, caller),
        startTimer,
        retryAfterMs: RETRY_MS.min + random() * (RETRY_MS.max - RETRY_MS.min),
        onError,
        onEnd() {
          end();
          leave();
        },
      });
    } catch (error) {
      leave();
      throw error;
    }
  };

  return {
    routes: Object.values(streamRoutes),
    needs: () => 'view',
    async run({ caller, ...visit }, _call, args) {
      if (!caller) throw new TypeError('A stream has a caller');
      return open({ caller, ...visit }, caller, args[0] as StreamQuery);
    },
    countStreams: places.count,
    async drain() {
      await Promise.all([feed.close(), drain()]);
    },
  };
}

function throwEnded(): never {
  throw new FleetApiError('unavailable', 'The server is shutting down', {
    remedy: 'Retry after the time given in Retry-After.',
    retryAfterMs: RETRY_MS.max,
  });
}
