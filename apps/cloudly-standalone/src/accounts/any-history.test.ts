import {
  type Accounts,
  createMemoryStore,
  isFleetError,
  type OperatorRecord,
  type Role,
  roles,
  isUsableApiToken,
} from '@serve.zone/baseos-cloudly-handlers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccountAdministration } from './create-operators.js';
import { decide } from './calls/accounts-context.js';
import { inviteFirst } from './calls/invitation-calls.js';
import { acceptInvitation } from './decisions/invitations.js';
import { isLiveOperator, isOpenSession } from './decisions/lapses.js';
import { signIn } from './decisions/sessions.js';
import { hashOf } from './identity/hash-of.js';

const DAY_MS = 24 * 3_600_000;

const names = fc.constantFrom('first', 'ada', 'ben');
const rights = fc.record({ role: fc.constantFrom(...roles), isScoped: fc.boolean() });
const nth = fc.nat(7);
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('invite' as const), name: names, rights }),
    fc.record({ do: fc.constant('reset' as const), name: names }),
    fc.record({ do: fc.constant('accept' as const), nth }),
    fc.record({ do: fc.constant('change' as const), name: names, rights }),
    fc.record({ do: fc.constant('remove' as const), name: names }),
    fc.record({ do: fc.constant('sign-in' as const), name: names }),
    fc.record({ do: fc.constant('token' as const), by: fc.constantFrom('root', 'session', 'token'), nth, rights }),
    fc.record({ do: fc.constant('revoke' as const), nth }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(60_000, 13 * 3_600_000, 8 * DAY_MS) }),
  ),
  { minLength: 20, maxLength: 60, size: 'max' },
);

type Step = typeof steps extends fc.Arbitrary<(infer Each)[]> ? Each : never;

/** Accounts to which anything may happen. Whatever is refused changes nothing. */
function createHistory() {
  const store = createMemoryStore().accounts;
  const clock = { nowMs: 0 };
  const context = { store, now: () => clock.nowMs, publicUrl: () => 'https://fleet.example' };
  const admin = createAccountAdministration(context);
  const root = { actor: 'cli:root', role: 'admin' } as const;
  const links: string[] = [];
  let count = 0;
  const newSession = () => {
    const id = `session ${(count += 1)}`;
    const times = { createdAtMs: clock.nowMs, lastUsedAtMs: clock.nowMs, expiresAtMs: clock.nowMs + 7 * DAY_MS };
    return { session: { id, hash: id, ...times }, formerHash: undefined };
  };
  const rightsOf = ({ role, isScoped }: { role: Role; isScoped: boolean }) => ({
    role,
    ...(isScoped && { scope: 'label.site=berlin' }),
  });

  const run = async (step: Step): Promise<unknown> => {
    const { operators, apiTokens, sessions } = await store.read();
    switch (step.do) {
      case 'invite':
        return admin.invite(root, { name: step.name, ...rightsOf(step.rights) }).then(({ link }) => links.push(link));
      case 'reset':
        return admin.offerNewPassword(root, step.name).then(({ link }) => links.push(link));
      case 'accept': {
        // The newest ones: the others were used, or replaced.
        const hash = hashOf(links.at(-1 - (step.nth % 3))?.split('#')[1] ?? '');
        const operatorId = `operator ${(count += 1)}`;
        const password = { name: 'first', passwordHash: operatorId, operatorId, nowMs: clock.nowMs };
        return decide(context, acceptInvitation({ hash, ...password, ...newSession() }));
      }
      case 'change':
        return admin.changeOperator(root, step.name, rightsOf(step.rights));
      case 'remove':
        return admin.removeOperator(root, step.name);
      case 'sign-in': {
        const { id = '', passwordHash = '' } = operators.find(({ name }) => name === step.name) ?? {};
        return decide(context, signIn({ operatorId: id, passwordHash, ...newSession() }, clock.nowMs));
      }
      case 'token': {
        const session = sessions[step.nth % sessions.length];
        const parent = apiTokens[step.nth % apiTokens.length];
        const credential =
          step.by === 'session'
            ? session && { kind: 'session', sessionId: session.id, operatorId: session.operatorId, name: 'x' }
            : parent && { ...parent, kind: 'api-token', apiTokenId: parent.id };
        const caller = step.by === 'root' || !credential ? root : { ...root, credential };
        return admin.createApiToken(caller, { name: `token-${(count += 1)}`, ...rightsOf(step.rights) });
      }
      case 'revoke':
        return admin.revokeApiToken(root, apiTokens[step.nth % apiTokens.length]?.id ?? '');
      default:
        clock.nowMs += step.ms;
        return undefined;
    }
  };
  return { store, clock, run, begin: async () => links.push((await inviteFirst(context, root)).link) };
}

test('whatever happens to accounts, there is an admin, no name is used twice, and nothing outlives what let it in', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const { store, clock, run, begin } = createHistory();
      await begin();
      await run({ do: 'accept', nth: 0 });
      for (const step of history) {
        const before = await store.read();
        const refusal = await run(step).then(
          () => undefined,
          (error: unknown) => error,
        );
        const accounts = await store.read();
        expect(refusal === undefined || isFleetError(refusal)).toBe(true);
        expect(refusal === undefined ? before : accounts).toEqual(before);
        expectSound(accounts, clock.nowMs);
      }
    }),
  );
});

function expectSound({ operators, apiTokens, sessions, invitations }: Accounts, nowMs: number): void {
  const live = new Map(operators.filter(isLiveOperator).map((operator) => [operator.id, operator]));
  const isAdmin = ({ role, scope }: OperatorRecord) => role === 'admin' && scope === undefined;
  expect([...live.values()].some(isAdmin)).toBe(true);
  for (const kind of [operators, apiTokens]) {
    expect(new Set(kind.map(({ name }) => name)).size).toBe(kind.length);
  }
  const usable = new Map(apiTokens.filter((each) => isUsableApiToken(each, nowMs)).map((each) => [each.id, each]));
  const orphans = [...usable.values()].filter(
    ({ operatorId, parentTokenId }) =>
      (operatorId !== undefined && !live.has(operatorId)) ||
      (parentTokenId !== undefined && !usable.has(parentTokenId)),
  );
  expect(orphans).toEqual([]);
  const open = sessions.filter((session) => isOpenSession(session, nowMs));
  expect(open.filter(({ operatorId }) => !live.has(operatorId))).toEqual([]);
  const offered = invitations.flatMap(({ offers }) => (offers.kind === 'first' ? [] : [offers.name]));
  expect(new Set(offered).size).toBe(offered.length);
}
