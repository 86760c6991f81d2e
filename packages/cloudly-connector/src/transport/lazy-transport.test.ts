import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { registerRequest } from '../../test/messages.js';

/** In a separate Node process, which runs the sources and reports the modules it loaded. */
async function loadedAfter(statements: string): Promise<{ ky: boolean; undici: boolean }> {
  const script = `
    import { registerHooks } from 'node:module';
    const own = ${JSON.stringify(new URL('..', import.meta.url).href)};
    const contracts = /\\/contracts\\/src\\//;
    let ky = false;
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === 'ky') ky = true;
        const parent = context.parentURL ?? '';
        const isSource = /^\\.\\.?\\//.test(specifier) && (parent.startsWith(own) || contracts.test(parent));
        return next(isSource ? specifier.replace(/\\.js$/, '.ts') : specifier, context);
      },
    });
    const { CloudlyConnector } = await import(own + 'index.ts');
    const request = ${JSON.stringify(registerRequest)};
    ${statements}
    const undici = process.moduleLoadList.some((name) => name.includes('undici'));
    console.log(JSON.stringify({ ky, undici }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    '--conditions=@serve.zone/source',
    '--input-type=module',
    '--eval',
    script,
  ]);
  return JSON.parse(stdout) as { ky: boolean; undici: boolean };
}

test('importing the package and calling over another transport loads neither ky nor fetch', async () => {
  const loaded = await loadedAfter(`
    const fetch = async () => ({ status: 404, headers: { get: () => null }, body: null });
    const outcome = await new CloudlyConnector({ cloudlyUrl: 'http://127.0.0.1:9', fetch }).register(request);
    if (outcome.kind !== 'not-cloudly') throw new Error(outcome.kind);
  `);
  expect(loaded).toEqual({ ky: false, undici: false });
});

test('the first call without a transport loads ky', async () => {
  const loaded = await loadedAfter(`
    const outcome = await new CloudlyConnector({ cloudlyUrl: 'http://127.0.0.1:9' }).register(request);
    if (outcome.kind !== 'unreachable') throw new Error(outcome.kind);
  `);
  expect(loaded).toEqual({ ky: true, undici: true });
});
