import { describe, expect, test } from 'vitest';
import { isAuditEvent } from '../../events/audit.js';
import type { WrittenEvent } from '../../events/fleet-event.js';
import { migrations as postgresMigrations } from '../postgres/migrations.js';
import { migrations as sqliteMigrations } from '../sqlite/migrations.js';
import { eventColumns, eventOf, eventRowColumns } from './event-rows.js';

const late: WrittenEvent = {
  atMs: 5,
  actor: 'system',
  nodeId: 'n',
  kind: 'node-late',
  details: { lastHeartbeatAtMs: 4 },
};
const created: WrittenEvent = {
  atMs: 5,
  actor: 'cli:anna',
  kind: 'join-token-created',
  details: { joinTokenId: 'j', uses: 1 },
};

describe('the row of an event', () => {
  test.each([late, created])('has all of it: %j', (event) => {
    expect(eventOf({ position: 7, ...eventColumns(event) })).toEqual({ position: 7, ...event });
  });

  test('says of which registration of the node it is', () => {
    expect(eventColumns(late, 3)).toMatchObject({ node_id: 'n', registered_at_ms: 3, is_audit: 0 });
    expect(eventColumns(created)).toMatchObject({ node_id: null, registered_at_ms: null, is_audit: 1 });
  });

  test.each([
    ['SQLite', sqliteMigrations],
    ['PostgreSQL', postgresMigrations],
  ])('has the columns of the table on %s, in its order', (_name, migrations) => {
    const table = /CREATE TABLE event \((.*?)\n {2}\)/s.exec(migrations.join('\n'))?.[1] ?? '';
    const columns = [...table.matchAll(/^ {4}([a-z_]+) /gm)].map(([, column]) => column);
    expect(['position', ...Object.keys(eventColumns(late))]).toEqual(columns);
    expect(columns).toEqual(expect.arrayContaining(eventRowColumns.split(', ')));
  });
});

describe('an event is kept for two years', () => {
  test('if a person, or somebody unknown, caused it', () => {
    for (const actor of ['cli:anna', 'operator:anna', 'token:ci', 'host:anna', 'anonymous'] as const) {
      expect(isAuditEvent({ actor, kind: 'command-finished' })).toBe(true);
    }
  });

  test('if it concerns security, whoever caused it', () => {
    expect(isAuditEvent({ actor: 'node:n', kind: 'node-registered' })).toBe(true);
    expect(isAuditEvent({ actor: 'node:n', kind: 'clone-suspected' })).toBe(true);
    expect(isAuditEvent({ actor: 'system', kind: 'fleet-recovered' })).toBe(true);
  });

  test('but not if it is one of everyday', () => {
    expect(isAuditEvent({ actor: 'system', kind: 'node-late' })).toBe(false);
    expect(isAuditEvent({ actor: 'node:n', kind: 'release-changed' })).toBe(false);
  });
});
