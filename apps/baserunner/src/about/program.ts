import { builtMs } from './build-time.js';
import { commit } from './commit.js';
import { version } from './version.js';

/** Which program this is, as `baserunner version --json`, `status` and `diagnose` report it. */
export interface Program {
  version: string;
  /** `unknown` where the build had no Git. */
  commit: string;
  /** The day of the build, as `2026-11-30`; absent in a program that runs from its sources. */
  builtOn?: string | undefined;
}

export const program: Program = {
  version,
  commit,
  ...(builtMs !== undefined && { builtOn: new Date(builtMs).toISOString().slice(0, 10) }),
};

/** What `baserunner --version` prints. */
export const versionLine = `${version} (commit ${commit})`;
