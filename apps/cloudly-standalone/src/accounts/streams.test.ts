import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DAY_MS, startOwnServer } from '../../test/own-server.js';

async function setUp() {
  const server = await startOwnServer();
  await server.join('root');
  const cookie = await server.join('ada', 'operate');
  const { body } = await server.post('/tokens', { name: 'ci', role: 'operate' }, { cookie });
  const { record, token } = body as { record: { id: string }; token: string };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  /** Opens a stream of events, and resolves with how to wait for its end. */
  const open = async (headers: Record<string, string>) => {
    const url = `${server.apiUrl}/api/v1/events/stream`;
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    const ended = { isTrue: false, said: text(response).finally(() => (ended.isTrue = true)) };
    return ended;
  };
  return { ...server, cookie, record, token, open };
}

type Rig = Awaited<ReturnType<typeof setUp>>;

test.each<[string, 'cookie' | 'token', (rig: Rig) => unknown]>([
  ['its API token is revoked', 'token', ({ admin, root, record }) => admin.revokeApiToken(root, record.id)],
  ['its operator has another role', 'cookie', ({ admin, root }) => admin.changeOperator(root, 'ada', { role: 'view' })],
  [
    'its operator has a scope',
    'token',
    ({ admin, root }) => admin.changeOperator(root, 'ada', { role: 'operate', scope: 'label.site=berlin' }),
  ],
  ['its operator is removed', 'token', ({ admin, root }) => admin.removeOperator(root, 'ada')],
  ['its session is ended', 'cookie', ({ post, cookie }) => post('/session', undefined, { method: 'DELETE', cookie })],
  ['nobody has used its session for a day', 'cookie', ({ clock }) => (clock.nowMs += DAY_MS)],
])('a stream ends once %s', async (_what, by, change) => {
  const rig = await setUp();
  const stream = await rig.open(by === 'token' ? { authorization: `Bearer ${rig.token}` } : { cookie: rig.cookie });
  const { token } = await rig.admin.createApiToken(rig.root, { name: 'watch', role: 'view' });
  const other = await rig.open({ authorization: `Bearer ${token}` });
  vi.advanceTimersByTime(30_000);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(stream.isTrue).toBe(false);
  await change(rig);
  vi.advanceTimersByTime(30_000);
  expect(await stream.said).toContain('retry: ');
  // That is nothing to others.
  expect(other.isTrue).toBe(false);
});
