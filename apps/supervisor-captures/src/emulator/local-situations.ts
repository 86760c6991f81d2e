import { unmanaged } from './recorded-device.js';
import type { Scene, Situation } from './scene.js';
import type { Stage } from './stage.js';

function service(imageId: number, serviceName: string) {
  return {
    imageId,
    serviceId: imageId,
    serviceName,
    image: `local_image_${serviceName}:latest`,
    environment: {},
    labels: { 'io.balena.features.supervisor-api': '1' },
    running: true,
  };
}

const app = { name: 'localapp', commit: 'localcommit', releaseId: '1', volumes: {}, networks: {} };

const config = { SUPERVISOR_LOCAL_MODE: '1', SUPERVISOR_POLL_INTERVAL: '600000' };

function target(apps: unknown) {
  return { local: { name: 'Home', config, apps } };
}

const twoServices = target({ 1: { ...app, services: { 1: service(1, 'main'), 2: service(2, 'frontend') } } });
const withoutServices = target({ 1: { name: 'a', commit: 'c', releaseId: '1' } });

const setTarget = 'POST /v2/local/target-state';

async function install({ ask, pass }: Stage): Promise<void> {
  await ask(setTarget, twoServices);
  await pass(60_000);
}

const localScenes: readonly Scene[] = [
  { name: 'a local app runs', device: unmanaged, arrange: install },
  {
    name: 'a local app is installed',
    device: unmanaged,
    arrange: ({ begin }) => begin(setTarget, twoServices),
    courseMs: 9000,
  },
  {
    name: 'a local app is removed',
    device: unmanaged,
    arrange: async (stage) => {
      await install(stage);
      await stage.begin(setTarget, withoutServices);
    },
    courseMs: 9000,
  },
  {
    name: 'a service of a local app stops',
    device: unmanaged,
    arrange: async (stage) => {
      await install(stage);
      await stage.begin('POST /v2/applications/1/stop-service', { serviceName: 'frontend' });
    },
    courseMs: 3000,
  },
];

/** The device is in local mode: it requires no key, and runs the apps from the API. */
export const localSituations: readonly Situation[] = [
  {
    name: 'a local app',
    certain: /target state set over the API/,
    possible: /local/,
    on: 'local',
    scenes: localScenes,
  },
  {
    name: 'logs of a local app',
    certain: /log stream/,
    possible: /local logs/,
    on: 'local',
    scenes: [
      {
        name: 'services stop and start while their log is read',
        device: unmanaged,
        arrange: async (stage) => {
          await install(stage);
          const frontend = { serviceName: 'frontend' };
          stage.after(1000, () => stage.ask('POST /v2/applications/1/stop-service', frontend));
          stage.after(3000, () => stage.ask('POST /v2/applications/1/start-service', frontend));
        },
      },
    ],
  },
  {
    name: 'a managed device in local mode',
    certain: /^managed device switched to local mode/,
    on: 'local',
    scenes: [
      {
        name: 'local mode was switched on',
        arrange: ({ supervisor }) => supervisor.setLocalMode(true),
        courseMs: 5000,
      },
      {
        name: 'a local app on a managed device',
        arrange: async (stage) => {
          stage.supervisor.setLocalMode(true);
          await install(stage);
        },
      },
      {
        name: 'local mode was switched off again',
        arrange: async ({ supervisor, pass }) => {
          supervisor.setLocalMode(true);
          await pass(60_000);
          supervisor.setLocalMode(false);
        },
        courseMs: 9000,
      },
    ],
  },
];
