import type { AppState, ContainerStatus, Device, ImageStatus, StateStatus } from '@serve.zone/balena-supervisor-client';
import { describe, expect, test } from 'vitest';
import { supervisorView } from './supervisor-view.js';

const appId = 1234567;
const device: Device = {
  apiPort: 48484,
  ipAddresses: [],
  macAddresses: [],
  supervisorVersion: '19.0.5',
  updatePending: true,
  updateFailed: false,
  updateDownloaded: true,
};

function container(serviceName: string, changes: Partial<ContainerStatus> = {}): ContainerStatus {
  const containerId = `id-of-${serviceName}`;
  return { status: 'Running', serviceName, appId, imageId: 1, serviceId: 1, containerId, createdAt: '', ...changes };
}

function image(serviceName: string, changes: Partial<ImageStatus> = {}): ImageStatus {
  return { name: 'image', appId, serviceName, imageId: 1, status: 'Downloaded', ...changes };
}

const stateStatus: StateStatus = {
  appState: 'applying',
  containers: [container('main'), container('baserunner')],
  images: [image('main'), image('baserunner')],
  release: 'old',
};

const target: AppState = {
  name: 'fleet',
  appId,
  commit: 'new',
  updateStatus: 'downloaded',
  services: [
    { name: 'main', status: 'Downloaded', releaseId: 2 },
    { name: 'extra', status: 'Downloaded', releaseId: 2 },
  ],
};

test('an app is composed of its containers, its running release and its target', () => {
  expect(supervisorView({ device, stateStatus, apps: [target] })).toEqual({
    version: '19.0.5',
    updatePending: true,
    updateFailed: false,
    updateDownloaded: true,
    appState: 'applying',
    apps: [
      {
        appId,
        name: 'fleet',
        runningCommit: 'old',
        targetCommit: 'new',
        updateStatus: 'downloaded',
        isDownloading: false,
        services: [
          { name: 'main', status: 'Running', containerId: 'id-of-main' },
          { name: 'baserunner', status: 'Running', containerId: 'id-of-baserunner' },
        ],
        targetServices: [
          { name: 'main', status: 'Downloaded' },
          { name: 'extra', status: 'Downloaded' },
        ],
      },
    ],
  });
});

test('an app whose containers are stopped for an update temporarily has no services', () => {
  const { apps } = supervisorView({ device, stateStatus: { ...stateStatus, containers: [] }, apps: [target] });
  expect(apps).toMatchObject([{ services: [], runningCommit: 'old' }]);
});

test('the running release and the containers are those of the first app; others have their services without containers', () => {
  const other: AppState = {
    name: 'other',
    appId: 7,
    commit: 'theirs',
    services: [{ name: 'web', status: 'Running', releaseId: 9 }],
  };
  const { apps } = supervisorView({ device, stateStatus, apps: [other, target] });
  expect(apps).toMatchObject([
    { appId: 7, runningCommit: undefined, targetCommit: 'theirs', services: [{ name: 'web', status: 'Running' }] },
    { appId, runningCommit: 'old' },
  ]);
});

test('a Supervisor before 9.7 lists only the target', () => {
  const told = { ...device, commit: 'old' };
  expect(supervisorView({ device: told, stateStatus: undefined, apps: [target] })).toMatchObject({
    appState: undefined,
    apps: [{ appId, runningCommit: 'old', isDownloading: false, services: [{ name: 'main' }, { name: 'extra' }] }],
  });
});

describe('a download shows', () => {
  const downloading = { status: 'Downloading', downloadProgressPercent: 40 } as const;

  test.each([
    [
      'in its images',
      { ...stateStatus, images: [image('main', downloading), image('extra', downloading)] },
      target,
      40,
    ],
    ['as a whole', { ...stateStatus, overallDownloadProgressPercent: 25.5 }, target, 26],
    [
      'in a service, when its image is not listed yet',
      stateStatus,
      { ...target, services: [{ name: 'main', releaseId: 2, ...downloading }] },
      40,
    ],
  ])('%s', (_where, state, app, percent) => {
    const { apps } = supervisorView({ device, stateStatus: state, apps: [app] });
    expect(apps).toMatchObject([{ isDownloading: true, downloadProgressPercent: percent }]);
  });

  test('not in a service at 0 %, which waits for a lock or for the next attempt', () => {
    const waiting: AppState = {
      ...target,
      services: [{ name: 'main', status: 'Downloading', releaseId: 2, downloadProgressPercent: 0 }],
    };
    expect(supervisorView({ device, stateStatus, apps: [waiting] }).apps).toMatchObject([{ isDownloading: false }]);
  });

  test('not in another app', () => {
    const other = { ...image('web', downloading), appId: 7 };
    const state = { ...stateStatus, images: [...stateStatus.images, other], overallDownloadProgressPercent: 40 };
    const { apps } = supervisorView({ device, stateStatus: state, apps: [target] });
    expect(apps.find((app) => app.appId === appId)).toMatchObject({ isDownloading: false });
    expect(apps.find((app) => app.appId === 7)).toMatchObject({ isDownloading: true, downloadProgressPercent: 40 });
  });
});
