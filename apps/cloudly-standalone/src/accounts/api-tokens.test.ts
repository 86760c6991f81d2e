import { createJoinToken, isFleetError, type Role, roles } from '@serve.zone/baseos-cloudly-handlers';
import { type CallerOperators, createFleetClient, isFleetApiError, operatorRoles } from '@serve.zone/baseos-fleet-api';
import { describe, expect, test, vi } from 'vitest';
import { createEmulatedNode } from '../../test/emulated-node.js';
import { DAY_MS, startOwnServer } from '../../test/own-server.js';

async function setUp() {
  const server = await startOwnServer();
  const create = async (name: string, role: Role, by: object = server.root, scope?: string) => {
    const rights = { role, ...(scope !== undefined && { scope }) };
    return server.admin.createApiToken(by as typeof server.root, { name, ...rights });
  };
  /** As somebody creates it over the API. */
  const createBy = (sent: object, body: object) => server.post('/tokens', body, sent);
  const rightsOf = async (token: unknown) => {
    const { status, body } = await server.send({ path: '/me', token: String(token) });
    return status === 200 ? { role: body['role'], scope: body['scope'] } : body['code'];
  };
  return { ...server, create, createBy, rightsOf };
}

describe('an API token', () => {
  test('is kept as a hash, and says once what it is', async () => {
    const { create, store, send, told } = await setUp();
    const { token, record } = await create('ci', 'view');
    expect(token).toMatch(/^bot_[0-9A-Za-z]{11}_[0-9A-Za-z]{49}$/);
    const { body } = await send({ path: '/tokens', token });
    const kept = JSON.stringify([record, body, await store.accounts.read(), await told('api-token-created')]);
    expect(kept).toContain(token.slice(4, 15));
    expect(kept).not.toContain(token.slice(16));
    expect(JSON.stringify([record, body])).not.toContain('hash');
  });

  test.each<[Role, Role, boolean]>(
    roles.flatMap((own) =>
      roles.map((asked): [Role, Role, boolean] => [own, asked, roles.indexOf(asked) <= roles.indexOf(own)]),
    ),
  )('that an operator with the role %s creates may have the role %s: %s', async (own, asked, isAllowed) => {
    const { join, createBy, rightsOf } = await setUp();
    const { status, body } = await createBy({ cookie: await join('ada', own) }, { name: 'ci', role: asked });
    expect(status).toBe(isAllowed ? 201 : 403);
    expect(await rightsOf(body['token'])).toEqual(isAllowed ? { role: asked, scope: undefined } : 'unauthenticated');
  });

  test('stays within the scope of its creator, whatever scope is asked for', async () => {
    const { join, createBy, rightsOf } = await setUp();
    const cookie = await join('ada', 'admin', 'label.site=berlin');
    const own = await createBy({ cookie }, { name: 'own', role: 'admin' });
    expect(await rightsOf(own.body['token'])).toEqual({ role: 'admin', scope: 'label.site=berlin' });
    const other = await createBy({ cookie }, { name: 'other', role: 'view', scope: 'label.site=bonn' });
    expect(await rightsOf(other.body['token'])).toEqual({ role: 'view', scope: 'label.site=berlin label.site=bonn' });
    const third = await createBy({ token: other.body['token'] }, { name: 'third', role: 'view' });
    expect(await rightsOf(third.body['token'])).toEqual({ role: 'view', scope: 'label.site=berlin label.site=bonn' });
  });

  test('loses what its operator loses, and gets back what they get back', async () => {
    const { join, createBy, rightsOf, admin, root } = await setUp();
    await join('root');
    const cookie = await join('ada', 'admin');
    const { body } = await createBy({ cookie }, { name: 'ci', role: 'operate' });
    await admin.changeOperator(root, 'ada', { role: 'view', scope: 'label.site=berlin' });
    expect(await rightsOf(body['token'])).toEqual({ role: 'view', scope: 'label.site=berlin' });
    await admin.changeOperator(root, 'ada', { role: 'admin' });
    expect(await rightsOf(body['token'])).toEqual({ role: 'operate', scope: undefined });
  });

  test('ends with its operator', async () => {
    const { join, createBy, rightsOf, admin, root, told } = await setUp();
    await join('root');
    const { body } = await createBy({ cookie: await join('ada', 'operate') }, { name: 'ci', role: 'view' });
    await admin.removeOperator(root, 'ada');
    expect(await rightsOf(body['token'])).toBe('unauthenticated');
    expect(await told('api-token-revoked')).toMatchObject([{ details: { name: 'ci', reason: 'ada was removed' } }]);
  });

  test('ends with the token that created it, however far down, and no later', async () => {
    const { create, createBy, rightsOf, admin, root, clock } = await setUp();
    const parent = await create('parent', 'admin');
    const child = await createBy({ token: parent.token }, { name: 'child', role: 'operate' });
    const grandchild = await createBy({ token: child.body['token'] }, { name: 'grandchild', role: 'view' });
    const sibling = await create('sibling', 'view');
    await admin.revokeApiToken(root, parent.record.id, 'leaked');
    const all = [parent.token, child.body['token'], grandchild.body['token']];
    for (const token of all) expect(await rightsOf(token)).toBe('unauthenticated');
    expect(await rightsOf(sibling.token)).toMatchObject({ role: 'view' });

    const short = await admin.createApiToken(root, { name: 'short', role: 'admin', expiresInMs: DAY_MS });
    const long = { name: 'long', role: 'view', expiresInMs: 9 * DAY_MS };
    const heir = await createBy({ token: short.token }, long);
    expect(heir.body['record']).toMatchObject({ expiresAtMs: clock.nowMs + DAY_MS });
    clock.nowMs += DAY_MS;
    expect([await rightsOf(short.token), await rightsOf(heir.body['token'])]).toEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
  });

  test('is seen and revoked by its operator and by admins of the whole fleet alone', async () => {
    const { join, createBy, send, post, rightsOf } = await setUp();
    const [ada, ben] = [await join('ada'), await join('ben', 'operate')];
    const scoped = await join('eve', 'admin', 'label.site=berlin');
    const { body } = await createBy({ cookie: ben }, { name: 'ci', role: 'view' });
    const { id } = body['record'] as { id: string };
    const names = async (cookie: string) =>
      ((await send({ path: '/tokens', cookie })).body['tokens'] as { name: string }[]).map(({ name }) => name);
    expect([await names(ada), await names(ben), await names(scoped)]).toEqual([['ci'], ['ci'], []]);
    const revoke = (cookie: string) => post(`/tokens/${id}/revoke`, {}, { cookie });
    expect((await revoke(scoped)).body['code']).toBe('api-token-unknown');
    expect(await rightsOf(body['token'])).toMatchObject({ role: 'view' });
    expect((await revoke(ben)).status).toBe(200);
    expect(await rightsOf(body['token'])).toBe('unauthenticated');
  });

  test('is not valid from the moment at which its revocation is answered, also for those who use it meanwhile', async () => {
    const { create, rightsOf, admin, root, clock } = await setUp();
    const { token, record } = await create('ci', 'view');
    clock.nowMs += DAY_MS;
    const using = Array.from({ length: 10 }, () => rightsOf(token));
    await admin.revokeApiToken(root, record.id);
    expect(await rightsOf(token)).toBe('unauthenticated');
    await Promise.all(using);
    expect(await rightsOf(token)).toBe('unauthenticated');
  });

  test('notes its last use once a minute, rather than with each request', async () => {
    const { create, rightsOf, store, clock } = await setUp();
    const noteUse = vi.spyOn(store.accounts, 'noteUse');
    const { token } = await create('ci', 'view');
    const usedAt: unknown[] = [];
    for (let second = 0; second <= 120; second += 20) {
      await rightsOf(token);
      usedAt.push((await store.accounts.read()).apiTokens[0]?.lastUsedAtMs);
      clock.nowMs += 20_000;
    }
    expect(noteUse).toHaveBeenCalledTimes(3);
    expect(new Set(usedAt).size).toBe(3);
    noteUse.mockRestore();
  });

  test.each(['', 'bot_', 'bot_x', 'bot_00000000000_0000', ' '])('%j is none', async (token) => {
    const { me } = await setUp();
    expect(await me({ token })).toBe(401);
  });

  test('is not looked up where the checksum is wrong, and a cookie does not help it', async () => {
    const { create, me, join, store } = await setUp();
    const { token } = await create('ci', 'view');
    const findApiToken = vi.spyOn(store.accounts, 'findApiToken');
    const wrong = token.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    expect(await me({ token: wrong, cookie: await join('ada') })).toBe(401);
    expect(findApiToken).not.toHaveBeenCalled();
    findApiToken.mockRestore();
  });
});

describe('the credentials of nodes', () => {
  test('authenticate no operator, nor those of operators a node', async () => {
    const server = await setUp();
    const { joinToken } = await createJoinToken(server.store, { uses: 2, now: () => server.clock.nowMs });
    const node = createEmulatedNode();
    const { nodeToken = '' } = await node.register(server.url, joinToken);
    expect((await node.heartbeat(server.url, nodeToken)).status).toBe(200);
    for (const token of [joinToken, nodeToken, nodeToken.replace('bnt', 'bot')]) {
      expect(await server.me({ token })).toBe(401);
      expect(await server.me({ cookie: `cloudly-session=${token}` })).toBe(401);
    }
    const { token } = await server.create('ci', 'admin');
    for (const bearer of [token, await server.invite('ada', 'admin'), token.replace('bot', 'bjt')]) {
      expect((await createEmulatedNode().register(server.url, bearer)).status).toBe(401);
      expect((await node.heartbeat(server.url, bearer)).status).toBe(401);
    }
  });
});

describe('each call about operators', () => {
  const args: { [Name in keyof CallerOperators]: Parameters<CallerOperators[Name]> } = {
    me: [],
    signIn: [{ name: 'x', password: 'x' }],
    signOut: [],
    changePassword: [{ currentPassword: 'x', newPassword: 'x' }],
    listSessions: [],
    endSession: ['x'],
    listOperators: [],
    changeOperator: ['x', { role: 'view' }],
    removeOperator: ['x'],
    invite: [{ name: 'x', role: 'view' }],
    offerNewPassword: ['x'],
    listInvitations: [],
    revokeInvitation: ['x'],
    readInvitation: ['x'],
    acceptInvitation: [{ invitation: 'x', password: 'x' }],
    createApiToken: [{ name: 'x', role: 'view' }],
    listApiTokens: [],
    revokeApiToken: ['x'],
  };

  test('is for whom its role says, and for nobody with anything else', async () => {
    const { create, apiUrl, admin, root, store, clock } = await setUp();
    const expired = await admin.createApiToken(root, { name: 'expired', role: 'admin', expiresInMs: 1 });
    clock.nowMs += 1;
    const { joinToken } = await createJoinToken(store, { now: () => clock.nowMs });
    const callers = {
      none: { token: undefined, roles: [] },
      join: { token: joinToken, roles: [] },
      expired: { token: expired.token, roles: [] },
      view: { token: (await create('view', 'view')).token, roles: ['view'] },
      operate: { token: (await create('operate', 'operate')).token, roles: ['view', 'operate'] },
      scoped: {
        token: (await create('scoped', 'admin', root, 'label.a=b')).token,
        roles: ['view', 'operate', 'admin'],
      },
      admin: { token: (await create('admin', 'admin')).token, roles: ['view', 'operate', 'admin', 'unscoped-admin'] },
    };
    const before = await store.accounts.read();
    for (const [who, { token, roles: has }] of Object.entries(callers)) {
      const client = createFleetClient({ url: apiUrl, token, fetch });
      for (const [name, needed] of Object.entries(operatorRoles)) {
        // An admin may do all of them, and would.
        if (who === 'admin' || (needed === 'view' && has.length > 0)) continue;
        const call = client[name as keyof CallerOperators] as (...given: unknown[]) => Promise<unknown>;
        const code = await call(...args[name as keyof CallerOperators]).then(() => 'allowed', codeOf);
        expect([who, name, code]).toEqual([who, name, refusalOf(needed, has)]);
      }
    }
    expect((await store.accounts.read()).apiTokens).toHaveLength(before.apiTokens.length);
  });

  function refusalOf(needed: string, has: readonly string[]): string {
    // No website sends these requests, so strangers get no further than the door.
    if (needed === 'anyone') return 'origin-refused';
    return has.length === 0 ? 'unauthenticated' : 'role-insufficient';
  }

  function codeOf(error: unknown): string {
    return isFleetError(error) || isFleetApiError(error) ? error.code : String(error);
  }
});
