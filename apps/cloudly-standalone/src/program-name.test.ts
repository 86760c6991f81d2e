import { expect, test } from 'vitest';
import { programName } from './program-name.js';

test.each([
  ['apps/cloudly-standalone/dist/cli.js', { PNPM_PACKAGE_NAME: 'baseos' }, 'npm run -s cloudly --'],
  ['apps/cloudly-standalone/dist/cli.js', {}, 'node apps/cloudly-standalone/dist/cli.js'],
  ['/usr/local/bin/cloudly-standalone', { PNPM_PACKAGE_NAME: 'another' }, 'cloudly-standalone'],
])('%s started with %j is called `%s`', (path, env, program) => {
  expect(programName(path, env)).toBe(program);
});
