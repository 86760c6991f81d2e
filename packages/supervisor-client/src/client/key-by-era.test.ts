import type { IncomingMessage } from 'node:http';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { describe, expect, test } from 'vitest';
import { deviceAnswer } from '../../test/answer.js';
import { serve } from '../../test/serve.js';
import { SupervisorClient } from './supervisor-client.js';

const apiKey = '0123456789abcdef0123456789abcdef';

/** How Supervisors find the key in a request. */
const eras: Record<
  string,
  { find: (query: string | null, header: string) => string | null | undefined; keyIn: 'header' | 'query' }
> = {
  'before 1.14': { keyIn: 'query', find: (query) => query },
  '1.14 to 8.7': { keyIn: 'header', find: (query, header) => /^ApiKey (\w+)$/.exec(header)?.[1] ?? query },
  '9.0 to 11.2': { keyIn: 'header', find: (query, header) => query ?? /^ApiKey (\w+)$/.exec(header)?.[1] },
  '11.3 and later': {
    keyIn: 'header',
    find: (query, header) => query || /^(?:ApiKey|Bearer) (\w+)$/i.exec(header)?.[1],
  },
};

describe.each(Object.entries(eras))('a Supervisor %s', (_era, { find, keyIn }) => {
  const isAuthorized = ({ url = '', headers }: IncomingMessage): boolean =>
    find(new URL(url, 'http://supervisor').searchParams.get('apikey'), headers.authorization ?? '') === apiKey;

  test(`accepts the key in the ${keyIn}`, async () => {
    await using served = await serve((request, response) =>
      isAuthorized(request)
        ? response.end(JSON.stringify(deviceAnswer))
        : response.writeHead(401, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Unauthorized'),
    );
    const device = async (key: string) =>
      new SupervisorClient({ address: served.address, apiKey: key, apiKeyIn: keyIn }).device();
    await expect(device(apiKey)).resolves.toMatchObject({ supervisorVersion: '17.8.1' });
    await expect(device('another')).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

test.each([
  { supervisorVersion: '19.0.5', relay: true },
  { supervisorVersion: '19.0.5', relay: false },
  { supervisorVersion: '11.3.0' },
  { supervisorVersion: '11.2.0' },
  { supervisorVersion: '10.0.0' },
])('an emulated Supervisor %j accepts the key as the client sends it', async (options) => {
  const emulated = createSupervisor(options);
  const { address, close } = await emulated.listen();
  const supervisor = new SupervisorClient({ address, apiKey: emulated.apiKey });
  await expect(supervisor.device()).resolves.toMatchObject({ supervisorVersion: options.supervisorVersion });
  await expect(new SupervisorClient({ address, apiKey: 'another' }).device()).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await close();
});
