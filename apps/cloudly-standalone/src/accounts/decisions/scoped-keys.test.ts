import { expect, test } from 'vitest';
import { scopedKeys } from './scoped-keys.js';

const by = 'cli:root';

test('the keys of scopes are those of everybody who may call, or will be: not of those who no longer may', () => {
  const operator = (name: string, scope: string, removedAtMs?: number) => ({
    id: name,
    name,
    role: 'view' as const,
    scope,
    passwordHash: '',
    passwordSetAtMs: 0,
    joinedAtMs: 0,
    invitedBy: by as 'cli:root',
    ...(removedAtMs !== undefined && { removedAtMs }),
  });
  const apiToken = (name: string, scope: string, ended: { expiresAtMs?: number; revokedAtMs?: number } = {}) => ({
    id: name,
    hash: name,
    name,
    role: 'view' as const,
    scope,
    createdAtMs: 0,
    createdBy: by as 'cli:root',
    ...ended,
  });
  const offers = { kind: 'join' as const, name: 'eve', role: 'view' as const, scope: 'label.room=1' };
  const invitation = { id: 'i', hash: 'i', createdAtMs: 0, createdBy: by as 'cli:root', expiresAtMs: 9, offers };
  const accounts = {
    operators: [operator('ada', 'label.site=berlin label.floor=2'), operator('ben', 'label.shop=a', 1)],
    invitations: [invitation, { ...invitation, id: 'j', offers: { kind: 'first' as const } }],
    apiTokens: [
      apiToken('ci', 'label.lab -label.canary'),
      apiToken('expired', 'label.old=1', { expiresAtMs: 5 }),
      apiToken('revoked', 'label.gone=1', { revokedAtMs: 1 }),
    ],
    sessions: [],
  };
  expect(scopedKeys(accounts, 5).toSorted()).toEqual(['canary', 'floor', 'lab', 'room', 'site']);
});
