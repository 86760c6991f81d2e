import { isObject } from '../../src/exchange/answer.js';
import { bearerOf, changed, endpointOf, type Fetch, problem } from '../alteration.js';
import { answering } from './altering-heartbeats.js';
import type { Fault } from './fault.js';

function isWait(request: Request): boolean {
  return endpointOf(request) === 'wake' && request.method === 'GET';
}

function wakeAnswer(wake: boolean): Response {
  const body = { protocol: 1, cloudlyId: 'cloudly-under-test', serverTime: new Date().toISOString(), wake };
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return new Response(JSON.stringify(body), { headers });
}

/** Never answered: the kit hangs up. */
function held(): Promise<Response> {
  return new Promise(() => undefined);
}

function waiting(name: string, breaks: string[], alter: (next: Fetch) => Fetch): Fault {
  return {
    name,
    breaks,
    alter: (next) => {
      const answer = alter(next);
      return (request) => (isWait(request) ? answer(request) : next(request));
    },
  };
}

/** Cloudlys that offer to wake their nodes, and do it wrongly. */
export const wakingFaults: Fault[] = [
  answering('offers to hold a request for an hour', ['wake-offer'], (json) =>
    isObject(json['wake']) ? { ...json, wake: { waitMs: 3_600_000 } } : json,
  ),
  {
    name: 'lets a node wait by POST',
    breaks: ['wake-methods'],
    alter: (next) => async (request) =>
      endpointOf(request) === 'wake' && request.method === 'POST' ? wakeAnswer(false) : next(request),
  },
  {
    name: 'allows POST where only GET is accepted',
    breaks: ['wake-methods'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const isOther = endpointOf(request) === 'wake' && response.status === 405;
      return isOther ? changed(response, (json) => json, { headers: { allow: 'POST' } }) : response;
    },
  },
  waiting('holds the request of a stranger', ['wake-token'], (next) => async (request) => {
    const response = await next(request);
    return response.status === 401 && bearerOf(request) !== undefined ? held() : response;
  }),
  waiting(
    'lets no node wait',
    ['wake-held', 'wake-told', 'wake-superseded', 'wake-queued'],
    (next) => async (request) => {
      const token = bearerOf(request) ?? '';
      const response = await Promise.race([next(request), later(100, wakeAnswer(false))]);
      return token === '' ? next(request) : response;
    },
  ),
  waiting('does not wake a node that waits', ['wake-queued'], (next) => async (request) => {
    const answer = next(request);
    const first = await Promise.race([answer, later(100, undefined)]);
    if (first) return first;
    const late = await answer;
    return late.status === 200 ? held() : late;
  }),
  waiting('looks for news only when something is queued', ['wake-at-once'], (next) => {
    const seen = new Set<unknown>();
    return async (request) => {
      const first = await Promise.race([next(request.clone()), later(200, undefined)]);
      const isNew = !seen.has(bearerOf(request));
      seen.add(bearerOf(request));
      return first?.status === 200 && isNew ? held() : (first ?? next(request));
    };
  }),
  {
    name: 'wakes a node again for what it was told',
    breaks: ['wake-told'],
    alter: (next) => {
      const listed = new Set<unknown>();
      return async (request) => {
        if (isWait(request) && listed.has(bearerOf(request))) return wakeAnswer(true);
        const response = await next(request);
        const text = await response.clone().text();
        if (endpointOf(request) === 'heartbeat' && text.includes('expiresInMs')) listed.add(bearerOf(request));
        return response;
      };
    },
  },
  waiting('lets two requests of a node wait', ['wake-superseded'], (next) => {
    const waits = new Map<unknown, number>();
    return async (request) => {
      const count = (waits.get(bearerOf(request)) ?? 0) + 1;
      waits.set(bearerOf(request), count);
      return count > 1 ? held() : next(request);
    };
  }),
  waiting('sends the newer of two requests away', ['wake-superseded'], (next) => {
    const waits = new Set<unknown>();
    return async (request) => {
      if (waits.has(bearerOf(request))) return problem('rate-limited', {});
      if (bearerOf(request) !== undefined) waits.add(bearerOf(request));
      return next(request);
    };
  }),
];

function later<Value>(afterMs: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setTimeout(resolve, afterMs, value);
  });
}
