import { isAtLeast } from './supervisor-version.js';
import { differences } from './differences.js';
import type { Bounds } from './differences.js';

/** How the Supervisor of one version differs from 19.0.5, by the names of the differences. */
export type Era = { [Name in keyof typeof differences]: boolean };

/** The oldest version whose answers are known well enough to emulate. */
export const oldestVersion = '6.0.0';

/** The differences of a version, such as `12.2.10`. */
export function eraOf(version: string): Era {
  const entries = Object.entries<Bounds | readonly Bounds[]>(differences).map(([name, bounds]) => {
    return [name, [bounds].flat().some((each) => isWithin(version, each))];
  });
  return Object.fromEntries(entries) as Era;
}

function isWithin(version: string, { since, before }: Bounds): boolean {
  return (since === undefined || isAtLeast(version, since)) && !isAtLeast(version, before);
}
