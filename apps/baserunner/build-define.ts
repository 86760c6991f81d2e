import { execFileSync } from 'node:child_process';

/**
 * What `src/about/` gets from the build: its date and its commit. `SOURCE_DATE_EPOCH`, in seconds, sets another date,
 * for a build that must be reproduced byte by byte. `BASEOS_COMMIT` sets the commit where there is no Git, as in an
 * image's build.
 */
export function buildDefine(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const epochSeconds = Number(env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const built = Number.isNaN(epochSeconds) ? new Date() : new Date(epochSeconds * 1000);
  return {
    BASEOS_BUILT_ON: JSON.stringify(built.toISOString().slice(0, 10)),
    BASEOS_COMMIT: JSON.stringify(env['BASEOS_COMMIT']?.trim() || commitOfCheckout() || 'unknown'),
  };
}

/** `-dirty` at its end says that files were changed after the commit. */
function commitOfCheckout(): string | undefined {
  try {
    const describe = ['describe', '--always', '--exclude=*', '--abbrev=12', '--dirty'];
    return execFileSync('git', describe, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
