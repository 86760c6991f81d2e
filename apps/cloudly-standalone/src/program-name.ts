import { basename, relative } from 'node:path';

/** How the root of the repository starts this program, with the Node of the checkout. */
export const rootScript = 'npm run -s cloudly --';

/**
 * How a user calls this program, for hints that can be copied: by the script of the root if that started it,
 * `cloudly-standalone` where it was called by that name, as after an installation, otherwise `node` with the file.
 */
export function programName(path: string, env: Readonly<Record<string, string | undefined>>): string {
  // npx, which the script goes through, leaves no script name there, but pnpm's name of the package shows it.
  if (env['PNPM_PACKAGE_NAME'] === 'baseos') return rootScript;
  return basename(path) === 'cloudly-standalone' ? 'cloudly-standalone' : `node ${relative('', path)}`;
}
