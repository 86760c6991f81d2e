import { describe, expect, test } from 'vitest';
import { DAY_MS, PASSWORD, secretOf, startOwnServer } from '../../test/own-server.js';

describe('an invitation', () => {
  test('makes one operator, once, who is signed in', async () => {
    const { post, invite, me, told, store } = await startOwnServer();
    const invitation = await invite('ada', 'operate', 'label.site=berlin');
    const accepted = await post('/invitations/accept', { invitation, password: PASSWORD });
    expect([accepted.status, accepted.body]).toEqual([
      201,
      {
        name: 'ada',
        kind: 'operator',
        role: 'operate',
        scope: 'label.site=berlin',
        expiresAtMs: expect.any(Number),
      },
    ]);
    expect(await me({ cookie: accepted.cookie })).toBe(200);
    const replayed = await post('/invitations/accept', { invitation, password: 'another long password' });
    expect([replayed.status, replayed.body['code'], replayed.cookie]).toEqual([404, 'invitation-unknown', undefined]);
    const { operators, invitations } = await store.accounts.read();
    expect([operators.length, invitations.length]).toEqual([1, 0]);
    expect(await told('operator-joined', 'operator-signed-in')).toEqual([
      {
        actor: 'operator:ada',
        kind: 'operator-joined',
        details: { name: 'ada', role: 'operate', scope: 'label.site=berlin' },
      },
      { actor: 'operator:ada', kind: 'operator-signed-in', details: { name: 'ada' } },
    ]);
  });

  test('can be read by whoever has it, and remains', async () => {
    const { post, invite } = await startOwnServer();
    const invitation = await invite('ada', 'operate');
    const read = await post('/invitations/read', { invitation });
    expect([read.status, read.body]).toMatchObject([200, { offers: { kind: 'join', name: 'ada', role: 'operate' } }]);
    expect(JSON.stringify(read.body)).not.toContain('hash');
    expect((await post('/invitations/accept', { invitation, password: PASSWORD })).status).toBe(201);
    expect((await post('/invitations/read', { invitation })).status).toBe(404);
  });

  test('is used up by one of many who use it at once', async () => {
    const { post, invite, store } = await startOwnServer();
    const invitation = await invite('ada', 'view');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        post('/invitations/accept', { invitation, password: `${PASSWORD} ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 404),
    ]);
    const { operators, sessions } = await store.accounts.read();
    expect([operators.length, sessions.length]).toEqual([1, 1]);
  });

  test('is for the first operator only as long as there is none, whatever link is used', async () => {
    const { post, inviteFirst, store } = await startOwnServer();
    const links = await Promise.all(Array.from({ length: 6 }, () => inviteFirst()));
    const answers = await Promise.all(
      links.map(({ link }, index) =>
        post('/invitations/accept', { invitation: secretOf(link), password: PASSWORD, name: `first-${index}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const { operators, invitations } = await store.accounts.read();
    expect(operators).toMatchObject([{ role: 'admin' }]);
    expect(operators[0]).not.toHaveProperty('scope');
    expect(invitations).toEqual([]);
    await expect(inviteFirst()).rejects.toMatchObject({ code: 'invitation-unknown' });
  });

  test('is not valid once it has expired, was revoked, or the name was invited again', async () => {
    const { post, invite, admin, root, clock } = await startOwnServer();
    const statusOf = async (invitation: string) =>
      (await post('/invitations/accept', { invitation, password: PASSWORD })).status;
    const expired = await invite('ada', 'view');
    clock.nowMs += 3 * DAY_MS;
    expect(await statusOf(expired)).toBe(404);

    const revoked = await invite('ada', 'view');
    const [listed] = await admin.listInvitations(root);
    expect(JSON.stringify(listed)).not.toContain('hash');
    await admin.revokeInvitation(root, listed?.id ?? '');
    expect(await statusOf(revoked)).toBe(404);

    const former = await invite('ada', 'admin');
    const current = await invite('ada', 'view');
    expect([await statusOf(former), await statusOf(current)]).toEqual([404, 201]);
  });

  test('costs no hashing unless it is valid, and neither does a password that is none', async () => {
    const { post, invite, work } = await startOwnServer();
    const invitation = await invite('ada', 'view');
    const guessed = invitation.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    for (const body of [
      { invitation: guessed, password: PASSWORD },
      { invitation: 'x', password: PASSWORD },
      { invitation: '', password: PASSWORD },
      { invitation, password: 'short' },
      { invitation, password: 'x'.repeat(10_000) },
    ]) {
      expect((await post('/invitations/accept', body)).status).toBeGreaterThanOrEqual(400);
    }
    expect(work.count).toBe(0);
    expect((await post('/invitations/accept', { invitation, password: PASSWORD })).status).toBe(201);
  });

  test('keeps its secret to its link: neither events nor the database have it', async () => {
    const { invite, told, store } = await startOwnServer();
    const invitation = await invite('ada', 'view');
    const kept = JSON.stringify([await told('operator-invited'), await store.accounts.read()]);
    expect(kept).toContain('ada');
    expect(kept).not.toContain(invitation.slice(16));
  });

  test('for a new password ends the sessions of its operator, whose rights stay', async () => {
    const { post, join, signIn, me, admin, root, told } = await startOwnServer();
    const cookie = await join('ada', 'admin');
    const { link } = await admin.offerNewPassword(root, 'ada');
    const body = { invitation: secretOf(link), password: 'staple battery horse', name: 'eve' };
    const accepted = await post('/invitations/accept', body);
    expect(accepted.body).toMatchObject({ name: 'ada', role: 'admin' });
    expect([await me({ cookie }), await me({ cookie: accepted.cookie })]).toEqual([401, 200]);
    expect([(await signIn('ada')).status, (await signIn('ada', body.password)).status]).toEqual([403, 201]);
    expect(await told('password-changed')).toHaveLength(1);
  });

  test.each([
    ['Ada', 'ada'],
    ['  ada ', 'ada'],
  ])('names %j %s', async (typed, name) => {
    const { post, inviteFirst } = await startOwnServer();
    const { link } = await inviteFirst();
    const accepted = await post('/invitations/accept', { invitation: secretOf(link), password: PASSWORD, name: typed });
    expect(accepted.body['name']).toBe(name);
  });

  test.each(['', ' ', 'a b', '<b>ada</b>', 'ада', 'x'.repeat(65), '-', 'a/b'])('names nobody %j', async (name) => {
    const { post, inviteFirst } = await startOwnServer();
    const { link } = await inviteFirst();
    const { body } = await post('/invitations/accept', { invitation: secretOf(link), password: PASSWORD, name });
    expect(body).toMatchObject({ code: 'value-invalid' });
  });
});

describe('the name of an operator who was removed', () => {
  test('is never that of another one, so that events stay true', async () => {
    const { post, invite, join, admin, root, signIn } = await startOwnServer();
    await join('ada');
    await join('ben', 'view');
    const open = await invite('eve', 'view');
    await admin.removeOperator(root, 'ben');
    await expect(admin.invite(root, { name: 'ben', role: 'view' })).rejects.toMatchObject({ code: 'name-taken' });
    expect((await signIn('ben')).status).toBe(403);
    await expect(admin.offerNewPassword(root, 'ben')).rejects.toMatchObject({ code: 'operator-unknown' });
    expect((await post('/invitations/accept', { invitation: open, password: PASSWORD })).status).toBe(201);
  });
});

describe('the last admin of the whole fleet', () => {
  test('stays, also when two admins remove each other at once', async () => {
    const { join, admin, root } = await startOwnServer();
    await join('ada');
    await join('eve');
    await join('ben', 'admin', 'label.site=berlin');
    const outcomes = await Promise.allSettled([
      admin.removeOperator(root, 'ada'),
      admin.changeOperator(root, 'eve', { role: 'admin', scope: 'label.site=berlin' }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const left = (await admin.listOperators(root)).filter(({ role, scope }) => role === 'admin' && scope === undefined);
    expect(left).toHaveLength(1);
  });
});
