import { createFleetClient } from '@serve.zone/baseos-fleet-api';
import { describe, expect, test } from 'vitest';
import { createEmulatedNode } from '../../test/emulated-node.js';
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

  test('lets nobody label nodes into a scope, but admins of the whole fleet, and shows them within it at once', async () => {
    const { url, apiUrl, admin, root, createJoinToken } = await startOwnServer();
    const node = createEmulatedNode();
    await node.register(url, (await createJoinToken()).joinToken);
    const clientOf = async (name: string, role: 'operate' | 'admin', scope?: string) => {
      const made = await admin.createApiToken(root, { name, role, ...(scope !== undefined && { scope }) });
      return createFleetClient({ url: apiUrl, token: made.token });
    };
    const [operate, whole] = [await clientOf('operate', 'operate'), await clientOf('whole', 'admin')];
    const berlin = await clientOf('berlin', 'admin', 'label.site=berlin');
    await admin.invite(root, { name: 'ada', role: 'view', scope: 'label.floor=2' });
    for (const key of ['site', 'floor']) {
      await expect(operate.label(node.nodeId, { [key]: '2' })).rejects.toMatchObject({ code: 'label-reserved' });
    }
    expect((await operate.label(node.nodeId, { room: '2' })).labels).toEqual({ room: '2' });
    await expect(berlin.getNode(node.nodeId)).rejects.toMatchObject({ code: 'node-unknown' });
    await whole.label(node.nodeId, { site: 'berlin' });
    expect((await berlin.getNode(node.nodeId)).labels).toEqual({ room: '2', site: 'berlin' });
    await expect(berlin.label(node.nodeId, { site: 'bonn' })).rejects.toMatchObject({ code: 'label-reserved' });
  });

  test('does not start under an address that is none', async () => {
    await expect(startOwnServer({ publicUrl: 'fleet.example' })).rejects.toThrow('publicUrl must be the URL at which');
  });
});
