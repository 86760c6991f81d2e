import { FleetApiError } from '@serve.zone/baseos-fleet-api';

/** Runs a few works at a time; others wait, and are refused when too many do. */
export function createQueue(
  atOnce: number,
  waitingMax: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running < atOnce) running += 1;
    else if (waiting.length < waitingMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw tooMany();
    try {
      return await work();
    } finally {
      // The place goes to the next one, or is free.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function tooMany(): FleetApiError {
  return new FleetApiError('rate-limited', 'Too many people sign in at the same time', {
    remedy: 'Try again in a few seconds.',
    retryAfterMs: 5000,
  });
}
