import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DAY_MS, PASSWORD, startOwnServer } from '../../../test/own-server.js';

const HOUR_MS = 3_600_000;
const behindProxy = { publicUrl: 'https://fleet.example', trustedProxies: ['127.0.0.1'] };

describe('whoever guesses a password', () => {
  test('learns nothing about names: the work and the answer are the same', async () => {
    const { join, signIn, work } = await startOwnServer();
    await join('ada');
    const answers = [];
    for (const name of ['ada', 'nobody', ' ADA ', 'not a name at all', '']) {
      const before = work.count;
      const { status, body } = await signIn(name, 'a wrong password');
      answers.push({ status, body, hashed: work.count - before });
    }
    const [first] = answers;
    expect(first).toMatchObject({ status: 403, body: { code: 'sign-in-failed' }, hashed: 1 });
    expect(answers).toEqual(answers.map(() => first));
  });

  test.each(['ada', 'nobody'])('waits longer and longer, and nothing is hashed meanwhile: %s', async (name) => {
    const { join, signIn, work, clock } = await startOwnServer();
    await join('ada');
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await signIn(name, 'wrong password')).status).toBe(403);
    const hashed = work.count;
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const early = await signIn(name, 'wrong password');
      expect([early.status, early.body['code'], early.headers['retry-after']]).toEqual([
        429,
        'rate-limited',
        `${seconds}`,
      ]);
      clock.nowMs += seconds * 1000;
      expect((await signIn(name, 'wrong password')).status).toBe(403);
    }
    expect(work.count - hashed).toBe(8);
  });

  test('gets no more attempts by making them at once', async () => {
    const { join, signIn, work } = await startOwnServer();
    await join('ada');
    const hashed = work.count;
    const answers = await Promise.all(Array.from({ length: 40 }, () => signIn('ada', 'wrong password')));
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
    expect(work.count - hashed).toBe(5);
  });

  test('does not lock the operator out: they wait, too, and then sign in, which ends the waiting', async () => {
    const { join, signIn, clock } = await startOwnServer();
    const cookie = await join('ada');
    for (let attempt = 0; attempt < 6; attempt += 1) await signIn('ada', 'wrong password');
    expect((await signIn('ada')).status).toBe(429);
    clock.nowMs += 1000;
    expect((await signIn('ada')).status).toBe(201);
    expect((await signIn('ada', 'wrong password')).status).toBe(403);
    expect(cookie).toContain('cloudly-session=');
  });

  test('has twenty attempts in five minutes from one address, for whatever names', async () => {
    const { join, signIn, work, clock } = await startOwnServer(behindProxy);
    await join('ada');
    const attempt = async (index: number, from: string) =>
      (await signIn(`name${index}`, 'wrong password', { from })).status;
    const statuses = [];
    for (let index = 0; index < 22; index += 1) statuses.push(await attempt(index, '203.0.113.7'));
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 403), 429, 429]);
    const hashed = work.count;
    expect((await signIn('ada', PASSWORD, { from: '203.0.113.7' })).status).toBe(429);
    expect(work.count).toBe(hashed);
    expect((await signIn('ada', PASSWORD, { from: '203.0.113.8' })).status).toBe(201);
    clock.nowMs += 5 * 60_000;
    expect((await signIn('ada', PASSWORD, { from: '203.0.113.7' })).status).toBe(201);
  });

  test('leaves one event for all attempts of a while, which contains nothing of what was typed', async () => {
    const { join, signIn, told, close, data, clock } = await startOwnServer(behindProxy);
    await join('ada');
    for (const [index, name] of ['ada', 'ada', 'correct horse', 'x'].entries()) {
      await signIn(name, 'wrong password', { from: `203.0.113.${index}` });
    }
    expect(await told('sign-in-failed')).toEqual([]);
    await close();
    const store = openSqliteStore(data);
    onTestFinished(() => store.close());
    const kinds = ['sign-in-failed'] as const;
    const events = await store.as({ actor: 'system', nowMs: clock.nowMs }).listEvents({ after: 0, kinds, limit: 9 });
    const sinceMs = clock.nowMs;
    expect(events.map(({ actor, details }) => [actor, details])).toEqual([
      ['anonymous', { name: 'ada', count: 2, sinceMs }],
      ['anonymous', { count: 2, sinceMs }],
    ]);
  });
});

describe('a session', () => {
  test('is another one after each sign-in: one that was planted in the browser is of no use', async () => {
    const { join, signIn, me, store } = await startOwnServer();
    await join('ada');
    const planted = `cloudly-session=${'A'.repeat(43)}`;
    const { cookie } = await signIn('ada', PASSWORD, { cookie: planted });
    expect(cookie).toMatch(/^cloudly-session=[\w-]{43}$/);
    expect(cookie).not.toBe(planted);
    expect(await me({ cookie: planted })).toBe(401);
    expect(await me({ cookie })).toBe(200);

    const second = await signIn('ada', PASSWORD, { cookie });
    expect(second.cookie).not.toBe(cookie);
    expect(await me({ cookie })).toBe(401);
    expect(await me({ cookie: second.cookie })).toBe(200);
    expect((await store.accounts.read()).sessions).toHaveLength(2);
  });

  test('of one operator ends when another one signs in by the same browser', async () => {
    const { join, signIn, me } = await startOwnServer();
    const ofAda = await join('ada');
    await join('ben', 'view');
    const { cookie } = await signIn('ben', PASSWORD, { cookie: ofAda });
    expect(await me({ cookie: ofAda })).toBe(401);
    expect(await me({ cookie })).toBe(200);
  });

  test('ends after twelve hours without use, of which what a page reads by itself is none', async () => {
    const { join, me, send, clock } = await startOwnServer();
    const [used, polled] = [await join('ada'), await join('ben', 'view')];
    for (let hours = 0; hours < 24; hours += 1) {
      clock.nowMs += HOUR_MS;
      expect(await me({ cookie: used })).toBe(200);
      const live = await send({ path: '/nodes/live?ids=', cookie: polled });
      expect(live.status === 401).toBe(hours >= 11);
    }
    expect(await me({ cookie: polled })).toBe(401);
  });

  test('ends after seven days, however much it is used', async () => {
    const { join, me, clock } = await startOwnServer();
    const cookie = await join('ada');
    const startMs = clock.nowMs;
    for (; clock.nowMs < startMs + 7 * DAY_MS; clock.nowMs += 6 * HOUR_MS) expect(await me({ cookie })).toBe(200);
    expect(await me({ cookie })).toBe(401);
  });

  test('ends when its operator signs out, and the others of the operator go on', async () => {
    const { join, signIn, send, me, apiUrl, told } = await startOwnServer();
    const first = await join('ada');
    const { cookie: second } = await signIn('ada');
    const out = await send({ method: 'DELETE', path: '/session', cookie: second, origin: apiUrl });
    expect([out.status, out.headers['set-cookie']]).toEqual([
      204,
      ['cloudly-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict'],
    ]);
    expect([await me({ cookie: first }), await me({ cookie: second })]).toEqual([200, 401]);
    expect(await told('sessions-ended')).toEqual([
      { actor: 'operator:ada', kind: 'sessions-ended', details: { name: 'ada', count: 1 } },
    ]);
  });

  test('can be ended by the operator alone whose it is', async () => {
    const { join, signIn, send, me, apiUrl: origin } = await startOwnServer();
    const [ada, eve] = [await join('ada'), await join('eve')];
    await signIn('ada');
    const { sessions } = (await send({ path: '/sessions', cookie: ada })).body as { sessions: { id: string }[] };
    expect(sessions).toMatchObject([{ isCurrent: true }, { isCurrent: false }]);
    expect(JSON.stringify(sessions)).not.toMatch(/hash|operatorId/);
    const [id] = sessions.map((session) => session.id);
    const end = (cookie: string) => send({ method: 'DELETE', path: `/sessions/${id}`, cookie, origin });
    expect((await end(eve)).body).toMatchObject({ code: 'session-unknown' });
    expect((await end(ada)).status).toBe(204);
    expect(await me({ cookie: ada })).toBe(401);
  });

  test('has the rights that its operator has at the moment, and none once they are removed', async () => {
    const { join, send, admin, root } = await startOwnServer();
    await join('ada');
    const cookie = await join('ben', 'operate', 'label.site=berlin');
    const rights = async () => (await send({ path: '/me', cookie })).body;
    expect(await rights()).toMatchObject({ role: 'operate', scope: 'label.site=berlin' });
    await admin.changeOperator(root, 'ben', { role: 'view' });
    expect(await rights()).toEqual({ name: 'ben', kind: 'operator', role: 'view', expiresAtMs: expect.any(Number) });
    await admin.removeOperator(root, 'ben');
    expect(await rights()).toMatchObject({ code: 'unauthenticated' });
  });

  test('is among the twenty newest of its operator', async () => {
    const { join, signIn, me } = await startOwnServer();
    const oldest = await join('ada');
    for (let index = 0; index < 19; index += 1) await signIn('ada');
    expect(await me({ cookie: oldest })).toBe(200);
    await signIn('ada');
    expect(await me({ cookie: oldest })).toBe(401);
  });
});

describe('a new password', () => {
  const next = 'staple battery horse';

  test('ends all other sessions and what else could set one', async () => {
    const { join, signIn, send, me, admin, root, store, apiUrl: origin } = await startOwnServer();
    const cookie = await join('ada');
    const { cookie: other } = await signIn('ada');
    await admin.offerNewPassword(root, 'ada');
    const change = (currentPassword: string, newPassword: string) =>
      send({ method: 'PUT', path: '/me/password', cookie, origin, body: { currentPassword, newPassword } });
    expect((await change('wrong password', next)).body).toMatchObject({ code: 'sign-in-failed' });
    expect((await change(PASSWORD, 'short')).body).toMatchObject({ code: 'value-invalid' });
    expect(await me({ cookie: other })).toBe(200);
    expect((await change(PASSWORD, next)).status).toBe(204);
    expect([await me({ cookie }), await me({ cookie: other })]).toEqual([200, 401]);
    expect((await store.accounts.read()).invitations).toEqual([]);
    expect([(await signIn('ada')).status, (await signIn('ada', next)).status]).toEqual([403, 201]);
  });

  test('is not guessed by somebody who has found an open browser', async () => {
    const { join, send, work, apiUrl: origin } = await startOwnServer();
    const cookie = await join('ada');
    const hashed = work.count;
    const guess = () =>
      send({
        method: 'PUT',
        path: '/me/password',
        cookie,
        origin,
        body: { currentPassword: 'wrong', newPassword: next },
      });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await guess()).status));
    expect(statuses.filter((status) => status === 403)).toHaveLength(5);
    expect(work.count - hashed).toBe(5);
  });

  test('needs a session: an API token has none', async () => {
    const { send, admin, root } = await startOwnServer();
    const { token } = await admin.createApiToken(root, { name: 'ci', role: 'admin' });
    const body = { currentPassword: PASSWORD, newPassword: next };
    const calls = [
      await send({ method: 'PUT', path: '/me/password', token, body }),
      await send({ path: '/sessions', token }),
      await send({ method: 'DELETE', path: '/session', token }),
    ];
    expect(calls.map(({ status, body: { code } }) => [status, code])).toEqual(calls.map(() => [403, 'session-needed']));
  });
});
