import { describe, expect, test } from 'vitest';
import { startOwnServer } from '../../test/own-server.js';

describe('the API of operators', () => {
  test('has a port of its own where that is asked for, and then no other', async () => {
    const { url, apiUrl, admin, root, inviteFirst } = await startOwnServer({ apiPort: 0 });
    expect(apiUrl).not.toBe(url);
    const { token } = await admin.createApiToken(root, { name: 'ci', role: 'view' });
    const statusAt = async (base: string, path: string) =>
      (await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await statusAt(apiUrl, '/api/v1/me'), await statusAt(url, '/api/v1/me')]).toEqual([200, 404]);
    expect([await statusAt(apiUrl, '/healthz'), await statusAt(url, '/healthz')]).toEqual([404, 200]);
    expect((await inviteFirst()).link.startsWith(`${apiUrl}/invitation#`)).toBe(true);
  });

  test('is below the prefix that a proxy leaves in front, and links lead to the public URL', async () => {
    const { apiUrl, admin, root, inviteFirst } = await startOwnServer({ publicUrl: 'http://localhost:80/ops/' });
    const { token } = await admin.createApiToken(root, { name: 'ci', role: 'view' });
    expect((await inviteFirst()).link).toMatch(/^http:\/\/localhost\/ops\/invitation#boi_/);
    const misdirected = await fetch(`${apiUrl}/ops/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(misdirected.status).toBe(421);
  });

  test('answers nothing once the server has closed, and the ports are free', async () => {
    const { apiUrl, close } = await startOwnServer({ apiPort: 0 });
    await close();
    await expect(fetch(`${apiUrl}/api/v1/me`)).rejects.toThrow('fetch failed');
  });

  test('does not start under an address that is none', async () => {
    await expect(startOwnServer({ publicUrl: 'fleet.example' })).rejects.toThrow('publicUrl must be the URL at which');
  });
});
