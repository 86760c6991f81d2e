import { isTruthy } from '../call/check-value.js';
import { abandonApply, startTarget } from '../apply/start-apply.js';
import { ensureKeys } from '../model/keys.js';
import { hexId } from '../model/model.js';
import type { App, Model, Release, ReleaseService } from '../model/model.js';
import { idle, nothingReported } from '../model/releases.js';
import { completeConfig, normaliseConfig } from '../model/device-config.js';
import { normaliseImageName } from './image-name.js';
import { leaveLocalMode } from './local-mode.js';
import type { TargetApp, TargetDevice, TargetService } from './target-state.js';

/**
 * Starts to apply a target state in local mode. Apps that it does not contain are removed; their images stay.
 * @throws Error in the Supervisor's words for an invalid image name.
 */
export function applyLocalTarget(model: Model, target: TargetDevice, force: boolean, now: number): Model {
  const wantedConfig = normaliseConfig(target.config);
  const config = completeConfig(wantedConfig, { unmanaged: model.cloud === 'none' });
  const host = { ...model.host, deviceName: target.name, wantedConfig };
  const instantUpdates = isTruthy(config['SUPERVISOR_INSTANT_UPDATE_TRIGGER']);
  const releases = Object.values(target.apps).map((app) => ({ app, release: releaseOf(model, app) }));
  const keyed = releases.reduce(
    (latest, { app, release }) =>
      ensureKeys(
        latest,
        app.id,
        release.services.map(({ serviceName }) => serviceName),
      ),
    { ...model, host, instantUpdates },
  );
  const wanted = releases.map(({ app, release }) => wantedApp(model, app, release));
  const left = model.apps.filter(({ appId }) => wanted.every((app) => app.appId !== appId)).map(leftApp);
  const started = [...wanted, ...left].map((app) => {
    const calm = abandonApply(keyed, app, now);
    return startTarget(keyed, calm, { force, failures: 0 }, now);
  });
  const applied = {
    ...keyed,
    apps: started.filter((app) => app.isLeft !== true || app.images.length > 0 || app.apply),
  };
  return isTruthy(config['SUPERVISOR_LOCAL_MODE']) ? applied : leaveLocalMode(applied, now);
}

// The app keeps what it has; only its target changes.
function wantedApp(model: Model, { id, name }: TargetApp, release: Release): App {
  const existing = model.apps.find(({ appId }) => appId === id);
  const fresh: App = {
    appId: id,
    appUuid: String(id),
    appName: name,
    release: { ...release, services: [] },
    target: release,
    offered: release,
    containers: [],
    images: [],
    locks: [],
    ...idle,
    reported: nothingReported,
  };
  if (!existing) return fresh;
  const { isLeft: _isLeft, ...kept } = existing;
  return { ...kept, appName: name, target: release, offered: release };
}

function leftApp(app: App): App {
  const nothing = { ...app.target, services: [] };
  return { ...app, target: nothing, offered: nothing, isLeft: true };
}

// The first release counts. Services that are not to run are left out.
function releaseOf({ seed }: Model, { releases }: TargetApp): Release {
  const [commit = '', release] = Object.entries(releases)[0] ?? [];
  const services = Object.entries(release?.services ?? {})
    .map(([serviceName, service]) => serviceOf(seed, serviceName, service))
    .filter(({ serviceName }) => release?.services[serviceName]?.running !== false);
  const { id: releaseId = 0, volumes = {}, networks = {} } = release ?? {};
  return { commit, releaseId, services, volumes, networks, downloadDurationMs: 0 };
}

function serviceOf(seed: string, serviceName: string, service: TargetService): ReleaseService {
  const image = normaliseImageName(service.image);
  const { id: serviceId, image_id: imageId, environment, labels, composition = {} } = service;
  const dockerImageId = `sha256:${hexId(seed, 'image', image)}`;
  return { serviceName, serviceId, imageId, image, dockerImageId, environment, labels, composition };
}
