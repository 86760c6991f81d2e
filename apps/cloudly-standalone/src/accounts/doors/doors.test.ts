import { describe, expect, test } from 'vitest';
import { PASSWORD, startOwnServer } from '../../../test/own-server.js';

describe('the host of a request', () => {
  test('is a name of this machine, as long as nobody has named another', async () => {
    const { me, join, apiUrl } = await startOwnServer();
    const cookie = await join('ada');
    const { port } = new URL(apiUrl);
    for (const host of [`127.0.0.1:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`, 'localhost']) {
      expect([host, await me({ host, cookie })]).toEqual([host, 200]);
    }
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    '10.0.0.1',
    '0.0.0.0',
    '127.1',
    'localhost.',
  ])('%j is refused for each credential, and for none: a name may be pointed at this server', async (host) => {
    const { send, join, admin, root, work } = await startOwnServer();
    const cookie = await join('ada');
    const { token } = await admin.createApiToken(root, { name: 'ci', role: 'admin' });
    const hashed = work.count;
    const requests = [
      { path: '/me', cookie },
      { path: '/nodes', token },
      { path: '/nodes' },
      { method: 'POST', path: '/session', body: { name: 'ada', password: PASSWORD }, origin: `http://${host}` },
      { method: 'DELETE', path: '/session', cookie, origin: `http://${host}` },
    ];
    for (const sent of requests) {
      const { status, body } = await send({ ...sent, host });
      expect([sent.path, status, body['code']]).toEqual([sent.path, 421, 'misdirected']);
    }
    expect(work.count).toBe(hashed);
  });

  test.each(['user@localhost', 'localhost/x', 'localhost#', undefined])('%j is none', async (host) => {
    const { me, join } = await startOwnServer();
    expect(await me({ cookie: await join('ada'), host })).toBe(400);
  });

  test('is that of the public URL and no other, if there is one', async () => {
    const { me, join } = await startOwnServer({ publicUrl: 'https://fleet.example:8443/ops' });
    const cookie = await join('ada');
    expect(await me({ cookie })).toBe(200);
    for (const host of ['fleet.example', 'fleet.example:443', 'localhost', '127.0.0.1', 'FLEET.example:8444']) {
      expect([host, await me({ host, cookie })]).toEqual([host, 421]);
    }
  });
});

describe('a change by a session', () => {
  const origins = [
    undefined,
    'null',
    '',
    'https://evil.example',
    'http://fleet.example',
    'https://fleet.example:8443',
    'https://www.fleet.example',
    'https://fleet.example.evil.example',
    'https://fleet.example/',
    'https://fleet.example, https://evil.example',
  ];
  const publicUrl = 'https://fleet.example';

  test.each(origins)('is refused from the origin %j', async (origin) => {
    const { post, send, join, store } = await startOwnServer({ publicUrl });
    const cookie = await join('ada');
    const before = await store.accounts.read();
    const answers = [
      await post('/invitations', { name: 'eve', role: 'admin' }, { cookie, origin }),
      await post('/tokens', { name: 'eve', role: 'admin' }, { cookie, origin }),
      await send({ method: 'DELETE', path: '/operators/ada', cookie, origin }),
      await send({ method: 'PUT', path: '/nodes/n/name', body: { name: 'eve' }, cookie, origin }),
      await send({ method: 'DELETE', path: '/session', cookie, origin }),
    ];
    expect(answers.map(({ body }) => body['code'])).toEqual(answers.map(() => 'origin-refused'));
    expect(await store.accounts.read()).toEqual(before);
  });

  test('is made from the public URL, and what only reads needs no origin', async () => {
    const { post, send, join } = await startOwnServer({ publicUrl });
    const cookie = await join('ada');
    expect((await send({ path: '/operators', cookie })).status).toBe(200);
    expect((await post('/tokens', { name: 'ci', role: 'view' }, { cookie })).status).toBe(201);
  });

  test('needs no origin by an API token, which no website has', async () => {
    const { post, admin, root } = await startOwnServer({ publicUrl });
    const { token } = await admin.createApiToken(root, { name: 'ci', role: 'admin' });
    const created = await post('/tokens', { name: 'other', role: 'view' }, { token, origin: undefined });
    expect(created.status).toBe(201);
  });

  test.each(origins)('nobody signs in, or up, from the origin %j', async (origin) => {
    const { post, invite, signIn, join, work } = await startOwnServer({ publicUrl });
    await join('ada');
    const hashed = work.count;
    const invitation = await invite('ben', 'view');
    const signedIn = await signIn('ada', PASSWORD, { origin });
    const accepted = await post('/invitations/accept', { invitation, password: PASSWORD }, { origin });
    for (const { status, body, cookie } of [signedIn, accepted]) {
      expect([status, body['code'], cookie]).toEqual([403, 'origin-refused', undefined]);
    }
    expect(work.count).toBe(hashed);
    expect((await post('/invitations/accept', { invitation, password: PASSWORD })).status).toBe(201);
  });
});

describe('a password', () => {
  const publicUrl = 'http://fleet.example';

  test('is not taken in the clear, and nothing is hashed', async () => {
    const { post, invite, signIn, work } = await startOwnServer({ publicUrl });
    const invitation = await invite('ada', 'view');
    const answers = [await signIn('ada'), await post('/invitations/accept', { invitation, password: PASSWORD })];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [403, 'secrecy-needed'],
      [403, 'secrecy-needed'],
    ]);
    expect(work.count).toBe(0);
  });

  test('is taken in the clear where that was allowed', async () => {
    const { join, signIn } = await startOwnServer({ publicUrl, allowPlainHttp: true });
    expect(await join('ada')).toMatch(/^cloudly-session=/);
    expect((await signIn('ada')).status).toBe(201);
  });

  test('is not taken from another machine that says it calls localhost', async () => {
    const { signIn } = await startOwnServer({ trustedProxies: ['127.0.0.1'] });
    const refused = await signIn('ada', PASSWORD, { from: '203.0.113.7' });
    expect([refused.status, refused.body['code']]).toEqual([403, 'secrecy-needed']);
  });
});

describe('the cookie of a session', () => {
  const attributesOf = async (publicUrl: string | undefined) => {
    const { join, signIn } = await startOwnServer({ publicUrl });
    await join('ada');
    return String((await signIn('ada')).headers['set-cookie']).replace(/=[\w-]{43};/, '=...;');
  };

  test('belongs to this host alone on https, and no script reads it', async () => {
    expect(await attributesOf('https://fleet.example')).toBe(
      '__Host-cloudly-session=...; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict; Secure',
    );
  });

  test('is not secure on this machine, which may have no https', async () => {
    expect(await attributesOf(undefined)).toBe(
      'cloudly-session=...; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict',
    );
  });

  test('is not read under the other name, nor if there are two', async () => {
    const { me, join } = await startOwnServer({ publicUrl: 'https://fleet.example' });
    const cookie = await join('ada');
    expect(await me({ cookie })).toBe(200);
    expect(await me({ cookie: cookie.replace('__Host-', '') })).toBe(401);
    expect(await me({ cookie: `${cookie}; ${cookie}` })).toBe(401);
    expect(await me({ cookie: `theme=dark; ${cookie}` })).toBe(200);
  });
});
