import type { AccountStore, StoreWithAccounts } from '../../../accounts/account-store.js';
import { sharedBehaviour, type StoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { ADA, allEvents } from '../fleet/fleet-fixtures.js';
import { apiTokenRecord, invitationRecord, operatorRecord, saveAccounts } from './account-fixtures.js';

/** In as many processes as there are, this often at once. */
const TIMES = 10;

export const accountRaceBehaviours: readonly StoreBehaviour<StoreWithAccounts>[] = [
  sharedBehaviour('lets only one of many accept an invitation', async (store, other) => {
    await saveAccounts(store.accounts, { invitations: [invitationRecord('i')] });
    const accepted = await inBoth(store, other, (accounts, index) =>
      accounts.change(({ invitations }) => {
        if (invitations.length === 0) return { result: false };
        const name = `number ${index}`;
        return {
          result: true,
          save: { operators: [operatorRecord(name)] },
          remove: { invitations: ['i'] },
          events: [{ atMs: NOW_MS, actor: ADA, kind: 'operator-joined', details: { name, role: 'view' } }],
        };
      }),
    );
    expectEqual('how many were accepted', accepted.filter(Boolean).length, 1);
    const { operators } = await other.accounts.read();
    expectEqual('the operators', operators, [operatorRecord(`number ${accepted.indexOf(true)}`)]);
    expectEqual('the events', (await allEvents(store)).length, 1);
  }),

  sharedBehaviour('lets only one of many become the first operator', async (store, other) => {
    const first = await inBoth(store, other, (accounts, index) =>
      accounts.change(({ operators }) =>
        operators.length > 0
          ? { result: false }
          : { result: true, save: { operators: [operatorRecord(`number ${index}`)] } },
      ),
    );
    expectEqual('how many became the first', first.filter(Boolean).length, 1);
    expectEqual('how many operators there are', (await store.accounts.read()).operators.length, 1);
  }),

  sharedBehaviour('loses no change of an account to another one', async (store, other) => {
    await saveAccounts(store.accounts, { apiTokens: [apiTokenRecord('ci', { name: '' })] });
    await inBoth(store, other, (accounts) =>
      accounts.change(({ apiTokens }) => ({
        result: undefined,
        save: { apiTokens: apiTokens.map((apiToken) => ({ ...apiToken, name: `${apiToken.name}x` })) },
      })),
    );
    const [apiToken] = (await store.accounts.read()).apiTokens;
    expectEqual('how many changes there were', apiToken?.name.length, 2 * TIMES);
  }),

  sharedBehaviour('keeps a token revoked that others use meanwhile', async (store, other) => {
    await saveAccounts(store.accounts, { apiTokens: [apiTokenRecord('ci')] });
    const using = inBoth(store, other, (accounts, index) => accounts.noteUse('apiTokens', 'id of ci', NOW_MS + index));
    await store.accounts.change(({ apiTokens }) => ({
      result: undefined,
      save: { apiTokens: apiTokens.map((apiToken) => ({ ...apiToken, revokedAtMs: NOW_MS })) },
    }));
    expectEqual('found', (await other.accounts.findApiToken('hash of ci'))?.apiToken.revokedAtMs, NOW_MS);
    await using;
    expectEqual('the token', (await other.accounts.read()).apiTokens, [
      apiTokenRecord('ci', { revokedAtMs: NOW_MS, lastUsedAtMs: NOW_MS + 2 * TIMES - 1 }),
    ]);
  }),
];

function inBoth<Result>(
  store: StoreWithAccounts,
  other: StoreWithAccounts,
  run: (accounts: AccountStore, index: number) => Promise<Result>,
): Promise<Result[]> {
  const all = Array.from({ length: 2 * TIMES }, (_, index) => run((index % 2 ? other : store).accounts, index));
  return Promise.all(all);
}
