import type { Options } from 'tsup';

/**
 * How a program is made: with everything in it, from the sources of the workspace, so that it needs nothing else. Without
 * splitting, a part that is imported lazily stays in its file and is evaluated when it is asked for.
 *
 * @param external what stays a file of its own beside it
 */
export function programBundle(external: readonly string[] = []) {
  return {
    format: 'esm',
    target: 'es2023',
    noExternal: [/^/],
    splitting: false,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    silent: true,
    esbuildOptions: (options: { conditions?: string[]; external?: string[] }) => {
      options.conditions = ['@serve.zone/source'];
      options.external = [...external];
    },
  } as const satisfies Options;
}

/** For a program with CommonJS in it, such as the driver of PostgreSQL, which loads Node's own modules with `require`. */
export const requireBanner = {
  js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
};
