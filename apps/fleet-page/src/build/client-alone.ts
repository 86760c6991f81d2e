import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import type * as valibot from 'valibot';
import { pageRequire } from './page-require.js';

/** Stands for every schema, and for every function that makes one. */
const standIn = '/* @__NO_SIDE_EFFECTS__ */ function schema() { return schema; }';

/**
 * Leaves out of the API what its client does not use: the schemas, which judge what arrives at a server, where the client only asks
 * whether an answer has one at all; what the documentation says of each route, and how a server reads it, where that is a line. Without them it is half as large.
 */
export const clientAlone: Plugin = {
  name: 'client-alone',
  setup(build) {
    build.onResolve({ filter: /^valibot$/ }, () => ({
      path: 'valibot',
      namespace: 'client-alone',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'client-alone' }, () =>
      standInFor(Object.keys(pageRequire('valibot') as typeof valibot)),
    );
    build.onLoad({ filter: /[\\/]fleet-api[\\/]src[\\/]routes[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const spoken = source.replaceAll(/^ +summary:\s*(?:'[^']*'|"[^"]*"),$/gm, '');
      return { contents: spoken.replaceAll(/^ +take: \(.*\) => .*,$/gm, ''), loader: 'ts' };
    });
    build.onLoad(
      { filter: /[\\/](?:fleet-api[\\/]src[\\/]schemas|contracts[\\/]src[\\/]schema)[\\/][\w-]+\.ts$/ },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return standInFor(Array.from(source.matchAll(/^export (?:const|function) (\w+)/gm), ([, name = '']) => name));
      },
    );
  },
};

function standInFor(names: readonly string[]) {
  const exported = names.map((name) => `schema as ${name}`).join(', ');
  return { contents: `${standIn}\nexport { ${exported} };`, loader: 'js' as const };
}
