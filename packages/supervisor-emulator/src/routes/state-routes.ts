import { sendJson } from '../answer.js';
import type { Model } from '../model.js';
import { stateStatusView } from '../state-status-view.js';
import type { Call, Outcome, Route } from './route.js';

/** What runs on the device. */
export const stateRoutes: readonly Route[] = [
  { method: 'GET', path: '/v2/state/status', since: '9.7.0', key: 'any', handle: stateStatus },
  { method: 'GET', path: '/v2/version', since: '7.21.0', key: 'any', handle: version },
];

function stateStatus(model: Model, { now }: Call): Outcome {
  return { answer: sendJson(200, stateStatusView(model, now)) };
}

function version(model: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', version: model.device.supervisorVersion }) };
}
