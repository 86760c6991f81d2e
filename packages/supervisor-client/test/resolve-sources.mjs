// Lets Node run the TypeScript sources as they are: `node --import <this> file.ts`.
import { registerHooks } from 'node:module';

const own = new URL('..', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier.startsWith('.') && context.parentURL?.startsWith(own)
      ? nextResolve(specifier.replace(/\.js$/, '.ts'), context)
      : nextResolve(specifier, context),
});
