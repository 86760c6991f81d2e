import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Runs `script` in a separate Node process, on the sources, and returns its output. */
async function runOnSources(script: string): Promise<unknown> {
  const hooks = `
    import { registerHooks } from 'node:module';
    const own = ${JSON.stringify(new URL('..', import.meta.url).href)};
    registerHooks({
      resolve: (specifier, context, next) =>
        context.parentURL?.startsWith(own) && /^\\.\\.?\\//.test(specifier)
          ? next(specifier.replace(/\\.js$/, '.ts'), context)
          : next(specifier, context),
    });
    const { SupervisorClient } = await import(own + 'index.ts');
    const isLoaded = () => process.moduleLoadList.some((name) => name.includes('undici'));
  `;
  const argumentsOfNode = ['--no-warnings', '--input-type=module', '--eval', `${hooks}\n${script}`];
  const { stdout } = await promisify(execFile)(process.execPath, argumentsOfNode);
  return JSON.parse(stdout);
}

test('neither importing the package nor a call over another transport loads fetch', async () => {
  const loaded = await runOnSources(`
    const afterImport = isLoaded();
    const fetch = async () => ({ status: 200, headers: { get: () => null }, body: (async function* () { yield Buffer.from('OK'); })() });
    await new SupervisorClient({ address: 'http://127.0.0.1:9', apiKey: 'key', fetch }).ping();
    console.log(JSON.stringify({ afterImport, afterCall: isLoaded() }));
  `);
  expect(loaded).toEqual({ afterImport: false, afterCall: false });
});

test('the default transport is loaded at the first call', async () => {
  const loaded = await runOnSources(`
    const { createServer } = process.getBuiltinModule('node:http');
    const server = createServer((request, response) => response.end('OK')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    const client = new SupervisorClient({ address: 'http://127.0.0.1:' + server.address().port });
    const before = isLoaded();
    await client.ping();
    console.log(JSON.stringify({ before, after: isLoaded() }));
    server.close();
    server.closeAllConnections();
  `);
  expect(loaded).toEqual({ before: false, after: true });
});
