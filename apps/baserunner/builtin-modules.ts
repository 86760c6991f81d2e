import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const importOfBuiltin = /^import\s+(?!type\b)([^'"]+?)\s+from\s+['"](node:[\w/]+)['"];?/gm;

/**
 * Has the program take Node's own modules with `process.getBuiltinModule`. An `import` of one reads every property of it, so that
 * parts of it are loaded that are never used: undici with `node:http`, Web Crypto with `node:crypto`, standard input with
 * `node:process`. That costs 13 ms of processor time at each start.
 */
export function builtinModules(): Plugin {
  return {
    name: 'builtin-modules',
    setup: (build) => {
      build.onLoad({ filter: /\.(?:ts|mjs|js)$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = takingBuiltins(text);
        return contents === text ? undefined : { contents, loader: extname(path) === '.ts' ? 'ts' : 'js' };
      });
      build.onEnd(({ outputFiles = [] }) => {
        for (const { path, text } of outputFiles) {
          if (/\bfrom ?["']node:/.test(text)) throw new Error(`${path} still imports a module of Node's`);
        }
      });
    },
  };
}

/** The same source, with its imports of Node's modules as declarations. */
export function takingBuiltins(source: string): string {
  return source.replaceAll(importOfBuiltin, (_import, clause: string, name: string) => {
    const [, base, names] = /^(?:([\w$]+|\* as [\w$]+)\s*,?\s*)?(?:\{([^]*)\})?$/.exec(clause) ?? [];
    const module = `process.getBuiltinModule(${JSON.stringify(name)})`;
    const values = (names ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !part.startsWith('type '))
      .map((part) => part.replace(' as ', ': '));
    const types = [...(names ?? '').matchAll(/\btype ([\w$]+(?: as [\w$]+)?)/g)].map(([, type]) => type);
    return [
      // A module that calls it `process` takes what is global anyway.
      ...(base === undefined || base === 'process' ? [] : [`const ${base.replace('* as ', '')} = ${module};`]),
      ...(values.length > 0 ? [`const { ${values.join(', ')} } = ${module};`] : []),
      ...(types.length > 0 ? [`import type { ${types.join(', ')} } from '${name}';`] : []),
    ].join(' ');
  });
}
