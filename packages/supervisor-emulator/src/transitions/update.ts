import { isDeepStrictEqual } from 'node:util';

import { dropDownloads } from '../apply/end-step.js';
import { failed } from '../apply/fail-apply.js';
import { interruptApply, startTarget } from '../apply/start-apply.js';
import { bootPartOf } from '../model/device-config.js';
import type { App, Apply, Model } from '../model/model.js';
import { changeApps } from './change-apps.js';
import { settle } from './settle.js';

export interface UpdateRequest {
  force: boolean;
  cancel: boolean;
}

/** `POST /v1/update`: look for a new target and apply it. */
export function requestUpdate(model: Model, request: UpdateRequest, now: number): Model {
  return lookForTarget(model, { ...request, isOwn: false }, now);
}

/** The Supervisor asks the cloud by itself, as it does again and again. It does not end a back-off by that. */
export function pollCloud(model: Model, now: number): Model {
  return lookForTarget(model, { force: false, cancel: false, isOwn: true }, now);
}

interface Look extends UpdateRequest {
  isOwn: boolean;
}

function lookForTarget(model: Model, look: Look, now: number): Model {
  if (model.cloud !== 'up' || model.localMode) return model;
  const configured = withConfig(model);
  return settle(
    changeApps(configured, (app) => updateApp(configured, app, look, now)),
    now,
  );
}

// Boot files are written at once, whatever holds a lock. Only the reboot that they need waits.
function withConfig(model: Model): Model {
  const { offeredConfig, wantedConfig, bootConfig, needsReboot } = model.host;
  if (offeredConfig === wantedConfig) return model;
  const written = bootPartOf(offeredConfig);
  const isChanged = !isDeepStrictEqual(written, bootConfig);
  const host = {
    ...model.host,
    wantedConfig: offeredConfig,
    bootConfig: written,
    needsReboot: needsReboot || isChanged,
  };
  return { ...model, host };
}

// A new target cancels the apply in progress. A repeated one waits for it, unless `cancel` is set. In older versions any
// request ends a back-off.
function updateApp(model: Model, app: App, { force, cancel, isOwn }: Look, now: number): App {
  const isNew = app.offered !== app.target;
  const told = { ...app, target: app.offered };
  const { apply } = app;
  if (!apply) return startTarget(model, told, { force, failures: 0 }, now);
  const restarted = (failures: number): App => startTarget(model, interruptApply(told), { force, failures }, now);
  if (apply.goal !== 'target') return queued(told, apply, force);
  if (isNew) return restarted(0);
  const isBackingOff = apply.stage === 'blocked' || apply.stage === 'pull-failed';
  if (isBackingOff && (cancel || (!isOwn && model.era.updateEndsBackOff))) return restarted(apply.failures);
  return cancel ? cancelled(model, told, { ...apply, force }, now) : queued(told, apply, force);
}

// Only a download can be cancelled: it begins again from 0 % after a pause. Anything else simply goes on.
function cancelled(model: Model, app: App, apply: Apply, now: number): App {
  const left = dropDownloads(app);
  return left === app ? { ...app, apply } : failed(model, left, apply, 'pull-failed', now);
}

function queued(app: App, apply: Apply, force: boolean): App {
  return { ...app, apply: { ...apply, queued: { force: force || (apply.queued?.force ?? false) } } };
}
