import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import * as valibot from 'valibot';

/** Stands for every schema, and for every function that makes one. */
const standIn = '/* @__NO_SIDE_EFFECTS__ */ function schema() { return schema; }';

/**
 * Leaves the schemas of the API out. They judge what arrives at a server; the client only asks whether an answer has one at all, and
 * without them it is half as large.
 */
export const withoutSchemas: Plugin = {
  name: 'without-schemas',
  setup(build) {
    build.onResolve({ filter: /^valibot$/ }, () => ({
      path: 'valibot',
      namespace: 'without-schemas',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'without-schemas' }, () => standInFor(Object.keys(valibot)));
    build.onLoad({ filter: /[\\/]fleet-api[\\/]src[\\/]schemas[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return standInFor(Array.from(source.matchAll(/^export (?:const|function) (\w+)/gm), ([, name = '']) => name));
    });
  },
};

function standInFor(names: readonly string[]) {
  const exported = names.map((name) => `schema as ${name}`).join(', ');
  return { contents: `${standIn}\nexport { ${exported} };`, loader: 'js' as const };
}
