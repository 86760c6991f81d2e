import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import { appId, keys, otherAppId } from './recorded-device.js';

const main = { serviceName: 'main', serviceId: 501, imageId: 1001 };

/** The device that the answers of eras are about: one app of one service. */
export const eraDevice: SupervisorOptions = {
  apiKey: keys.app,
  globalApiKey: keys.global,
  relay: false,
  apps: [{ appId, releaseId: 2001, services: [main] }],
};

/** One that asks for no key, in any version that has such a mode. */
export const keylessDevice: SupervisorOptions = { unmanaged: true, osVariant: 'dev' };

/** One whose app has a second service. */
export const deviceOfTwoServices: SupervisorOptions = { apps: [{ appId, services: [main, 'frontend'] }] };

/** One whose service has another image. */
export const deviceOfOtherImage: SupervisorOptions = { apps: [{ appId, services: ['main'] }] };

/** One with a second app. */
export const deviceOfTwoApps: SupervisorOptions = {
  apps: [
    { appId, services: [main] },
    { appId: otherAppId, services: ['main'] },
  ],
};
