import { registerHooks } from 'node:module';

const opened = new URL('opened-handlers.ts', import.meta.url).href;

registerHooks({
  resolve: (name, context, next) => next(name === '@serve.zone/baseos-cloudly-handlers' ? opened : name, context),
});
