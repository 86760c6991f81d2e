import { keyOfService } from '../model/keys.js';
import { completeConfig } from '../model/device-config.js';
import { apiLabelOf } from '../eras/api-label.js';
import type { Era } from '../eras/era.js';
import type { App, Model, Release, ReleaseService } from '../model/model.js';
import { environmentView } from './environment-view.js';
import { serviceDefaults } from './service-defaults.js';

/** The state in `GET /v2/local/target-state`: the complete target, including the environments of all services. */
export function targetStateView(model: Model): Record<string, unknown> {
  const { host, cloud, instantUpdates } = model;
  const trigger = instantUpdates ? {} : { SUPERVISOR_INSTANT_UPDATE_TRIGGER: 'false' };
  const config = completeConfig({ ...host.wantedConfig, ...trigger }, { unmanaged: cloud === 'none' });
  const apps = model.apps
    .filter(({ isLeft }) => isLeft !== true)
    .map((app) => [String(app.appId), appView(model, app)] as const);
  return { local: { name: host.deviceName, config, apps: Object.fromEntries(apps) } };
}

function appView(model: Model, app: App): Record<string, unknown> {
  const { appId, appUuid, appName, target } = app;
  return {
    isTargetState: true,
    appId,
    appUuid,
    appName,
    commit: target.commit,
    source: model.localMode ? 'local' : 'https://api.balena-cloud.com',
    isHost: false,
    isRejected: false,
    services: target.services.map((service) => serviceView(model, app, service, target)),
    networks: networksOf(target).map(({ name, configOnly }) => ({
      appId,
      appUuid,
      name,
      config: networkConfig(appId, configOnly),
    })),
    volumes: Object.keys(target.volumes ?? { 'resin-data': {} }).map((name) => ({
      name,
      appId,
      appUuid,
      config: volumeConfig(appUuid),
    })),
  };
}

function serviceView(
  model: Model,
  app: App,
  service: ReleaseService,
  { commit, releaseId }: Release,
): Record<string, unknown> {
  const { imageId, serviceName, serviceId, image: imageName, dockerImageId } = service;
  const { appId, appUuid } = app;
  return {
    appId,
    appUuid,
    imageId,
    config: serviceConfig(model, app, service),
    serviceName,
    commit,
    releaseId,
    serviceId,
    imageName,
    dependsOn: service.composition?.['depends_on'] ?? null,
    dockerImageId,
  };
}

function serviceConfig(model: Model, app: App, service: ReleaseService): Record<string, unknown> {
  const { appId, appUuid } = app;
  const apiLabel = apiLabelOf(model.era);
  const { serviceName, serviceId, dockerImageId, labels = { [apiLabel]: '1' }, composition = {} } = service;
  const network = `${appUuid}_default`;
  const folder = `/tmp/balena-supervisor/services/${appId}/${serviceName}`;
  return {
    ...serviceDefaults,
    ...knownParts(composition),
    image: dockerImageId,
    running: true,
    labels: {
      ...labels,
      'io.balena.supervised': 'true',
      'io.balena.app-id': String(appId),
      'io.balena.service-id': String(serviceId),
      'io.balena.service-name': serviceName,
      'io.balena.app-uuid': appUuid,
    },
    environment: withKey(model.era, environmentView(model, app, service), keyOfService(model, appId, serviceName)),
    networkMode: network,
    volumes: [
      ...(service.composition ? [] : [`${appId}_resin-data:/data`]),
      `${folder}:/tmp/resin`,
      `${folder}:/tmp/balena`,
    ],
    networks: { [network]: { aliases: [serviceName] }, ...(labels[apiLabel] === undefined ? {} : { supervisor0: {} }) },
  };
}

// The properties of a composition that the Supervisor knows, in its own spelling, if they have the expected type.
function knownParts(composition: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.entries(composition).map(([name, value]) => {
    const spelled = name.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
    return [spelled, value] as const;
  });
  const fitting = known.filter(([name, value]) => {
    const model = serviceDefaults[name];
    return model !== undefined && typeof model === typeof value && Array.isArray(model) === Array.isArray(value);
  });
  return Object.fromEntries(fitting);
}

function withKey(era: Era, environment: Readonly<Record<string, string>>, key: string): Record<string, string> {
  const named = { ...environment, RESIN_SUPERVISOR_API_KEY: key };
  return era.supervisorIsResin ? named : { ...named, BALENA_SUPERVISOR_API_KEY: key };
}

// A default network always exists. If no service uses it, only its name is given.
function networksOf({ networks = {}, services }: Release): { name: string; configOnly: boolean }[] {
  const named = Object.keys(networks).map((name) => ({ name, configOnly: false }));
  if (named.some(({ name }) => name === 'default')) return named;
  const configOnly = services.every(({ composition }) => composition?.['network_mode'] === 'host');
  return [...named, { name: 'default', configOnly }];
}

function networkConfig(appId: number, configOnly: boolean): Record<string, unknown> {
  return {
    driver: 'bridge',
    ipam: { driver: 'default', config: [], options: {} },
    enableIPv6: false,
    internal: false,
    labels: { 'io.balena.app-id': String(appId) },
    options: {},
    configOnly,
  };
}

function volumeConfig(appUuid: string): Record<string, unknown> {
  return {
    driverOpts: {},
    driver: 'local',
    labels: { 'io.balena.supervised': 'true', 'io.balena.app-uuid': appUuid },
  };
}
