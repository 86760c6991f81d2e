import { sendStatus, sendText } from '../answer.js';
import type { Model } from '../model.js';
import type { Outcome, Route } from './route.js';

/** What is answered without a key. */
export const openRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/healthy', since: '6.5.0', key: 'none', handle: healthy },
  { method: 'GET', path: '/ping', since: '1.0.0', key: 'none', handle: () => ({ answer: sendText(200, 'OK') }) },
];

function healthy(model: Model): Outcome {
  return { answer: model.healthy ? sendStatus(200) : sendText(500, 'Unhealthy') };
}
