import type { Era } from './era.js';

/** The label that gives a service access to the Supervisor's API. */
export function apiLabelOf({ supervisorIsResin }: Era): string {
  return `io.${supervisorIsResin ? 'resin' : 'balena'}.features.supervisor-api`;
}
