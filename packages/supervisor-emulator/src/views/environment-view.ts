import type { App, Model, ReleaseService } from '../model/model.js';

/** The environment of a service's container as `GET /v1/apps/:appId` shows it: without the keys. */
export function environmentView(model: Model, app: App, service: ReleaseService): Record<string, string> {
  const { era } = model;
  const facts = {
    APP_ID: String(app.appId),
    APP_UUID: app.appUuid,
    APP_NAME: app.appName,
    SERVICE_NAME: service.serviceName,
    DEVICE_UUID: model.host.uuid,
    DEVICE_TYPE: model.host.deviceType,
    DEVICE_ARCH: model.host.arch,
    HOST_OS_VERSION: model.device.osVersion,
    APP_LOCK_PATH: era.environmentIsResin ? '/tmp/resin/resin-updates.lock' : '/tmp/balena/updates.lock',
  };
  const named = (prefix: string): Record<string, string> => ({
    ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${prefix}_${name}`, value])),
    [prefix]: '1',
  });
  const host = era.supervisorIsOnLoopback ? '127.0.0.1' : '10.114.104.1';
  const api = { PORT: '48484', HOST: host, ADDRESS: `http://${host}:48484` };
  const prefixes = era.supervisorIsResin ? ['RESIN'] : ['RESIN', 'BALENA'];
  const supervisor = Object.entries(api).flatMap(([name, value]) =>
    prefixes.map((prefix) => [`${prefix}_SUPERVISOR_${name}`, value]),
  );
  return {
    ...service.environment,
    ...(era.environmentIsResin ? {} : named('BALENA')),
    ...named('RESIN'),
    ...(era.environmentIsResin
      ? { RESIN_SERVICE_KILL_ME_PATH: '/tmp/resin/resin-kill-me' }
      : {
          RESIN_SERVICE_KILL_ME_PATH: '/tmp/balena/handover-complete',
          BALENA_SERVICE_HANDOVER_COMPLETE_PATH: '/tmp/balena/handover-complete',
        }),
    USER: 'root',
    ...(Object.fromEntries(supervisor) as Record<string, string>),
  };
}
