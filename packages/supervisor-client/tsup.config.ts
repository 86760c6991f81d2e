import { basename } from 'node:path';
import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** Every way into the package, by the file it is built to. */
const entry = Object.fromEntries(
  Object.values(manifest.exports)
    .filter((target) => typeof target === 'object')
    .map((target) => [basename(target.default, '.js'), target['@serve.zone/source']]),
);

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2023',
  clean: true,
  // Deno and bundlers know Node's modules by the prefix.
  removeNodeProtocol: false,
});
