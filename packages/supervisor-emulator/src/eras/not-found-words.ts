import type { Era } from './era.js';

/** The Supervisor's words for an unknown app, in full. */
export function appNotFoundWords({ notFoundIsOneLine, unknownAppIs400 }: Era): string {
  const endpoint = unknownAppIs400 ? 'purge' : 'this endpoint';
  const sentence = [
    `App not found: an app needs to be installed for ${endpoint} to work.`,
    "If you've recently moved this device from another app,",
    'please push an app and wait for it to be installed first.',
  ];
  return sentence.join(notFoundIsOneLine ? ' ' : '\n\t');
}

/** Its words for a service that the app does not have. */
export function serviceNotFoundWords({ notFoundIsOneLine }: Era): string {
  return `Service not found, a container must exist for this endpoint to work${notFoundIsOneLine ? '.' : ''}`;
}
