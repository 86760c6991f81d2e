import { sendStatus, sendText } from '../call/answer.js';
import type { Model } from '../model/model.js';
import type { Call, Outcome, Route } from '../call/route.js';

/** Endpoints without a key. */
export const openRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/healthy', since: '6.5.0', key: 'none', handle: healthy },
  { method: 'GET', path: '/ping', since: '10.3.7', key: 'none', handle: ping },
];

/** The behaviour before 10.3.7. */
export const oldPingRoute: Route = { method: 'GET', path: '/ping', since: '1.0.0', key: 'any', handle: ping };

function ping(): Outcome {
  return { answer: sendText(200, 'OK') };
}

// The Supervisor takes a while to notice that the cloud is gone.
function healthy({ era, healthy: isHealthy, cloudDownSince }: Model, { now }: Call): Outcome {
  const isCut = cloudDownSince !== undefined && now - cloudDownSince >= untilNoticedMs;
  if (isHealthy && !isCut) return { answer: sendStatus(200) };
  if (era.unhealthyHangs) return { noAnswer: 'hang' };
  return { answer: era.unhealthyIsStatus ? sendStatus(500) : sendText(500, 'Unhealthy') };
}

const untilNoticedMs = 10_000;
