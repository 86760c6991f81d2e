import { array, assert, constantFrom, nat, option, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factText } from '../../facts/fact-text.js';
import type { NodeFacts } from '../../facts/node-facts.js';
import { NEVER_SEEN_MS, NOT_QUIET_MS, quietSince } from '../../facts/quiet-since.js';
import { migrations as postgresMigrations } from '../postgres/migrations.js';
import { migrations as sqliteMigrations } from '../sqlite/migrations.js';
import { factColumns, factRowColumns, factsOfRow, shownStateOf } from './fact-rows.js';
import { labelRows, profileColumns, profileOf } from './profile-rows.js';

const text = string({ unit: 'grapheme', minLength: 1 }).map((any) => factText(any) ?? 'x');
const anyFacts = record(
  {
    nodeId: text,
    registeredAtMs: nat(),
    joinTokenId: text,
    approval: constantFrom('pending' as const, 'approved' as const, 'revoked' as const),
    isCloneSuspected: constantFrom(true, false),
    name: text,
    hostname: text,
    uuid: text,
    deviceType: text,
    osVersion: text,
    agentVersion: text,
    supervisorState: constantFrom('available' as const, 'failing' as const),
    supervisorVersion: text,
    appId: nat(),
    commit: text,
    stagedCommit: text,
    updateState: constantFrom('idle' as const, 'held' as const),
    updatesMode: text,
    gate: text,
    freeStoragePercent: nat(100),
    crashLoopAtMs: nat().map((atMs) => atMs + 1),
    isClockOff: constantFrom(true as const),
    labelText: text,
    searchText: text,
  },
  {
    requiredKeys: [
      'nodeId',
      'registeredAtMs',
      'joinTokenId',
      'approval',
      'isCloneSuspected',
      'labelText',
      'searchText',
    ],
  },
);
const facts: NodeFacts = {
  nodeId: 'n',
  registeredAtMs: 1,
  joinTokenId: 'j',
  approval: 'approved',
  isCloneSuspected: false,
  labelText: '',
  searchText: 'n',
};

describe('the row of the facts of a node', () => {
  test('has all of them', () => {
    assert(
      property(anyFacts, (any) => {
        expect(factsOfRow(factColumns(any))).toEqual(any);
      }),
    );
  });

  test.each([
    ['SQLite', sqliteMigrations],
    ['PostgreSQL', postgresMigrations],
  ])('has the columns of the table on %s, without those of the sweeper', (_name, migrations) => {
    const schema = migrations.join('\n');
    const table = /CREATE TABLE node_fact \((.*?)\n {2}\)/s.exec(schema)?.[1] ?? '';
    const columns = [
      ...[...table.matchAll(/^ {4}([a-z_]+) /gm)].map(([, column]) => column),
      ...[...schema.matchAll(/ALTER TABLE node_fact ADD COLUMN ([a-z_]+) (?!\w+ NOT NULL GENERATED)/g)].map(
        ([, column]) => column,
      ),
    ];
    const ofSweeper = ['state', 'quiet_since_ms', 'noted_conditions', 'alerts', 'urgency'];
    expect(new Set([...Object.keys(factColumns(facts)), ...ofSweeper])).toEqual(new Set(columns));
    expect(columns).toEqual(expect.arrayContaining(factRowColumns.split(', ')));
  });

  test('sorts by the name that people see, however it is written, and by versions', () => {
    const { shown_name, name, agent_key, os_key } = factColumns({ ...facts, hostname: 'Gate-07', agentVersion: '1.2' });
    expect([shown_name, name, os_key]).toEqual(['gate-07', '', '']);
    expect(agent_key < factColumns({ ...facts, agentVersion: '1.10' }).agent_key).toBe(true);
    expect(factColumns({ ...facts, name: 'Ａ', hostname: 'b' }).shown_name).toBe('a');
  });

  test('says since when the node is quiet, unless it is online or was never seen', () => {
    expect(quietSince('online', 5)).toBe(NOT_QUIET_MS);
    expect(quietSince('late', 5)).toBe(5);
    expect(quietSince('never-seen')).toBe(NEVER_SEEN_MS);
    expect(shownStateOf({ state: 'offline', quiet_since_ms: 5 })).toEqual({ state: 'offline', quietSinceMs: 5 });
    expect(shownStateOf({ state: 'online', quiet_since_ms: NOT_QUIET_MS })).toEqual({ state: 'online' });
    expect(shownStateOf({ state: 'never-seen', quiet_since_ms: NEVER_SEEN_MS })).toEqual({ state: 'never-seen' });
  });
});

describe('the rows of a profile', () => {
  test('have all of it', () => {
    const anyProfile = record(
      {
        nodeId: text,
        revision: nat(),
        name: text,
        labels: array(text, { maxLength: 3 }).map((keys) => Object.fromEntries(keys.map((key) => [`${key}.x`, key]))),
        notes: option(text, { nil: 'none' }),
      },
      { requiredKeys: ['nodeId', 'revision', 'labels'] },
    );
    assert(
      property(anyProfile, (profile) => {
        expect(profileOf(profileColumns(profile))).toEqual(profile);
      }),
    );
  });

  test('have a row for each label', () => {
    expect(labelRows({ nodeId: 'n', labels: { site: 'berlin', canary: '' } })).toEqual([
      { node_id: 'n', key: 'site', value: 'berlin' },
      { node_id: 'n', key: 'canary', value: '' },
    ]);
  });
});
