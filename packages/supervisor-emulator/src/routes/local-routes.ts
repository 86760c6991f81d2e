import { sendFailure, sendJson } from '../call/answer.js';
import { applyLocalTarget } from '../local-target/apply-local-target.js';
import { parseTargetState } from '../local-target/target-state.js';
import { upgradeTarget } from '../local-target/upgrade-target.js';
import type { Model } from '../model/model.js';
import { targetStateView } from '../views/target-state-view.js';
import type { Call, Outcome, Route } from '../call/route.js';
import { crashing, unhandled } from './with-engine.js';

const path = '/v2/local/target-state';

/** Reads the target state, and sets it in local mode. */
export const localRoutes: readonly Route[] = [
  { method: 'GET', path, since: '7.21.0', key: 'any', handle: crashing(targetState) },
  { method: 'POST', path, since: '7.21.0', key: 'any', handle: setTargetState },
];

function targetState(model: Model): Outcome {
  if (model.era.localTargetIsLocal && !model.localMode) {
    return { answer: sendFailure(400, 'Target state can only be retrieved when in local mode') };
  }
  const dependent = model.era.dependentIsTold ? { dependent: { config: {} } } : {};
  return { answer: sendJson(200, { status: 'success', state: { ...targetStateView(model), ...dependent } }) };
}

function setTargetState(model: Model, { body, now }: Call): Outcome {
  if (!model.localMode) {
    return { answer: sendFailure(400, 'Target state can only set when device is in local mode') };
  }
  const { uuid, deviceName: name } = model.host;
  const upgraded = tryTo(() => upgradeTarget(body, { uuid, name }));
  if (!upgraded.ok && model.era.localTargetIsNotUpgraded) return { answer: sendFailure(400, upgraded.message) };
  if (!upgraded.ok) return unhandled(model, upgraded.message, now);
  const parsed = parseTargetState(upgraded.value);
  if (!parsed.ok) return { answer: sendFailure(400, parsed.message) };
  const target = parsed.state[uuid];
  if (!target) return { answer: sendFailure(400, `Expected target state for local device with uuid '${uuid}'.`) };
  const applied = tryTo(() => applyLocalTarget(model, target, Boolean(body['force']), now));
  if (!applied.ok) return { answer: sendFailure(400, applied.message) };
  return { model: applied.value, answer: sendJson(200, { status: 'success', message: 'OK' }) };
}

type Tried<Value> = { ok: true; value: Value } | { ok: false; message: string };

function tryTo<Value>(work: () => Value): Tried<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
