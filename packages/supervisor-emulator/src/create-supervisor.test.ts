import { expect, test } from 'vitest';

import { createSupervisor } from './index.js';

test('answers over a socket until closed', async () => {
  const supervisor = createSupervisor();
  const { address, close } = await supervisor.listen();
  const response = await fetch(`${address}/v2/version`, { headers: { authorization: `Bearer ${supervisor.apiKey}` } });
  expect(await response.text()).toBe('{"status":"success","version":"19.0.5"}');
  await close();
  await expect(fetch(`${address}/ping`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});
