import type { StoreWithAccounts } from '../../../accounts/account-store.js';
import type { Accounts } from '../../../accounts/accounts.js';
import { behaviour, type StoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { ADA, allEvents, toldSince } from '../fleet/fleet-fixtures.js';
import { scribbleOver } from '../scribble-over.js';
import { apiTokenRecord, invitationRecord, operatorRecord, saveAccounts, sessionRecord } from './account-fixtures.js';

export const keepingBehaviours: readonly StoreBehaviour<StoreWithAccounts>[] = [
  behaviour('keeps accounts of each kind whole, in the order in which they were added', async ({ accounts }) => {
    expectEqual('at first', await accounts.read(), nobody);
    await saveAccounts(accounts, { operators: [operatorRecord('zoe')], sessions: [sessionRecord('b')] });
    const everything = someAccounts();
    await saveAccounts(accounts, everything);
    expectEqual('the accounts', await accounts.read(), {
      ...everything,
      operators: [operatorRecord('zoe'), ...everything.operators],
      sessions: [sessionRecord('b'), ...everything.sessions],
    });
  }),

  behaviour('hands a decision all accounts, and returns its result', async ({ accounts }) => {
    await saveAccounts(accounts, someAccounts());
    const seen = await accounts.change((all) => ({ result: all }));
    expectEqual('what was seen', seen, someAccounts());
    expectEqual('the accounts', await accounts.read(), someAccounts());
  }),

  behaviour('replaces what has the same ID, in its place, and removes what it is told to', async ({ accounts }) => {
    const { operators, apiTokens } = someAccounts();
    await saveAccounts(accounts, someAccounts());
    const ada = operatorRecord('ada', { role: 'view', removedAtMs: NOW_MS });
    await accounts.change(() => ({
      result: undefined,
      save: { operators: [ada] },
      // Not the operator with the ID of the token.
      remove: { sessions: ['s', 'unknown'], invitations: ['i'], apiTokens: ['id of ada'] },
    }));
    const expected = { operators: [ada, ...operators.slice(1)], apiTokens, invitations: [], sessions: [] };
    expectEqual('the accounts', await accounts.read(), expected);
  }),

  behaviour('finds sessions and tokens by their hashes, with their operators', async ({ accounts }) => {
    await saveAccounts(accounts, someAccounts());
    const [ada, ofAda] = [operatorRecord('ada'), apiTokenRecord('of ada', { operatorId: 'id of ada' })];
    await saveAccounts(accounts, { apiTokens: [ofAda] });
    expectEqual('a session', await accounts.findSession('hash of session s'), { session: fullSession, operator: ada });
    expectEqual('a token', await accounts.findApiToken('hash of ci'), { apiToken: fullApiToken });
    expectEqual('of Ada', await accounts.findApiToken('hash of of ada'), { apiToken: ofAda, operator: ada });
    expectEqual('an unknown session', await accounts.findSession('hash of session t'), undefined);
    expectEqual('a token as a session', await accounts.findSession('hash of ci'), undefined);
    expectEqual('a session as a token', await accounts.findApiToken('hash of session s'), undefined);
    expectEqual('an invitation as a token', await accounts.findApiToken('hash of invitation i'), undefined);
    await accounts.change(() => ({ result: undefined, remove: { operators: ['id of ada'] } }));
    expectEqual('without its operator', await accounts.findSession('hash of session s'), undefined);
  }),

  behaviour('notes the last use, which no change of the account forgets', async ({ accounts }) => {
    await saveAccounts(accounts, { operators: [operatorRecord('ada')], sessions: [sessionRecord('s')] });
    await saveAccounts(accounts, { apiTokens: [apiTokenRecord('ci'), apiTokenRecord('unused')] });
    const before = await accounts.read();
    await accounts.noteUse('apiTokens', 'id of ci', NOW_MS + 5);
    await accounts.noteUse('apiTokens', 'id of ci', NOW_MS + 4);
    await accounts.noteUse('sessions', 's', NOW_MS + 6);
    await accounts.noteUse('sessions', 'id of ci', NOW_MS + 7);
    await saveAccounts(accounts, { apiTokens: before.apiTokens, sessions: before.sessions });
    const used = apiTokenRecord('ci', { lastUsedAtMs: NOW_MS + 5 });
    expectEqual('the tokens', (await accounts.read()).apiTokens, [used, apiTokenRecord('unused')]);
    expectEqual('the token', (await accounts.findApiToken('hash of ci'))?.apiToken, used);
    const session = sessionRecord('s', { lastUsedAtMs: NOW_MS + 6 });
    expectEqual('the session', (await accounts.findSession('hash of session s'))?.session, session);
  }),

  behaviour('brings nothing back by noting its use', async ({ accounts }) => {
    const revoked = apiTokenRecord('ci', { revokedAtMs: NOW_MS });
    await saveAccounts(accounts, { operators: [operatorRecord('ada')], sessions: [sessionRecord('s')] });
    await saveAccounts(accounts, { apiTokens: [revoked] });
    await accounts.change(() => ({ result: undefined, remove: { sessions: ['s'] } }));
    await accounts.noteUse('sessions', 's', NOW_MS + 5);
    await accounts.noteUse('apiTokens', 'id of ci', NOW_MS + 5);
    const { sessions, apiTokens } = await accounts.read();
    expectEqual('the sessions', sessions, []);
    expectEqual('the token', apiTokens, [{ ...revoked, lastUsedAtMs: NOW_MS + 5 }]);
  }),

  behaviour('tells the events of a change with it', async (store) => {
    const written: string[] = [];
    const end = store.onWritten((events) => written.push(...events.map(({ kind }) => kind)));
    const details = { name: 'ben' };
    await store.accounts.change(() => ({
      result: undefined,
      events: [
        { atMs: NOW_MS, actor: ADA, kind: 'operator-removed', details },
        { atMs: NOW_MS, actor: ADA, kind: 'password-changed', details },
      ],
    }));
    end();
    expectEqual('what is told', await toldSince(store, 0), [
      { actor: ADA, kind: 'operator-removed', details },
      { actor: ADA, kind: 'password-changed', details },
    ]);
    expectEqual('what listeners heard', written, ['operator-removed', 'password-changed']);
  }),

  behaviour('rejects with what the decision throws', async ({ accounts }) => {
    const refusal = new Error('no');
    for (let times = 0; times < 5; times += 1) {
      const outcome = await accounts
        .change(() => {
          throw refusal;
        })
        .then(
          () => 'changed',
          (error: unknown) => (error === refusal ? 'refused' : String(error)),
        );
      expectEqual('the outcome', outcome, 'refused');
    }
    expectEqual('the accounts', await accounts.read(), nobody);
  }),

  behaviour('changes and tells nothing if the decision throws, or names what another account has', async (store) => {
    await saveAccounts(store.accounts, someAccounts());
    const events = [{ atMs: NOW_MS, actor: ADA, kind: 'operator-removed', details: { name: 'ben' } } as const];
    const outcomes = [
      store.accounts.change(() => {
        throw new Error('no');
      }),
      store.accounts.change(() => ({
        result: undefined,
        save: { operators: [operatorRecord('eve')], apiTokens: [apiTokenRecord('eve', { hash: 'hash of ci' })] },
        events,
      })),
    ].map((outcome) =>
      outcome.then(
        () => 'changed',
        () => 'rejected',
      ),
    );
    expectEqual('the outcomes', await Promise.all(outcomes), ['rejected', 'rejected']);
    expectEqual('the accounts', await store.accounts.read(), someAccounts());
    expectEqual('the events', await allEvents(store), []);
  }),

  behaviour('accepts and returns accounts as copies', async ({ accounts }) => {
    const given = someAccounts();
    await saveAccounts(accounts, given);
    scribbleOver(given);
    scribbleOver(await accounts.read());
    await accounts.change((all) => {
      scribbleOver(all);
      return { result: undefined };
    });
    scribbleOver(await accounts.findSession('hash of session s'));
    scribbleOver(await accounts.findApiToken('hash of ci'));
    expectEqual('the accounts', await accounts.read(), someAccounts());
  }),
];

const nobody: Accounts = { operators: [], invitations: [], apiTokens: [], sessions: [] };

const fullApiToken = apiTokenRecord('ci', {
  role: 'admin',
  scope: `label.site in (berlin, 'bonn "x"')`,
  parentTokenId: 'id of another',
  expiresAtMs: NOW_MS + 9,
  revokedAtMs: NOW_MS + 8,
  revokedReason: `it's "lost" \u0000 \ud83d\ude00`,
  lastUsedAtMs: NOW_MS + 7,
});

const fullSession = sessionRecord('s', { address: '10.0.0.1', userAgent: 'a browser' });

function someAccounts(): Accounts {
  return structuredClone({
    operators: [operatorRecord('ada'), operatorRecord('ben', { scope: 'label.site=berlin', removedAtMs: NOW_MS })],
    invitations: [invitationRecord('i', { offers: { kind: 'first' } })],
    apiTokens: [fullApiToken],
    sessions: [fullSession],
  });
}
