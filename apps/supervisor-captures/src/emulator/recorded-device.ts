import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { Recording } from '../recordings/recording.js';

/** The app that the recordings are about, and one that is not on the device. */
export const appId = 1_234_567;
export const otherAppId = 7_654_321;

/**
 * The keys as the recordings have them: the Supervisor's own, one for the app, one for an app that is elsewhere, and those
 * that came after the first two.
 */
export const keys = {
  global: '1'.repeat(32),
  app: '2'.repeat(32),
  otherApp: '9'.repeat(32),
  newApp: '4'.repeat(32),
  newGlobal: '5'.repeat(32),
} as const;

/**
 * The device that was recorded, as far as requests name what is on it: keys, the app, its services and their image IDs.
 * There are two services if anything in the recording tells of the second.
 */
export function recordedDevice({ scenario, request, outcome }: Recording): SupervisorOptions {
  if (scenario.startsWith('unmanaged')) return { ...unmanaged, ...recorded };
  const told = [scenario, request.path, request.body ?? '', outcome.kind === 'answer' ? outcome.body : ''];
  const hasTwoServices = told.some((text) => /multi|two services|frontend/.test(text));
  return {
    ...recorded,
    keys: [{ key: keys.otherApp, appId: otherAppId }],
    apps: [{ appId, services: hasTwoServices ? twoServices : oneService }],
    tags: { DeviceLocation: 'hall 4' },
  };
}

/** Every device has keys, though an unmanaged one asks for none. What was recorded had no relay before it. */
const recorded = { apiKey: keys.app, globalApiKey: keys.global, relay: false } as const;

/** A device that was never registered anywhere. */
export const unmanaged: SupervisorOptions = { unmanaged: true, apps: [], keys: [], tags: {} };

const main = { serviceName: 'main', serviceId: 29_396 } as const;
const oneService = [{ ...main, imageId: 959_262 }];
const twoServices = [
  { ...main, imageId: 959_268 },
  { serviceName: 'frontend', serviceId: 29_397, imageId: 959_263 },
];
