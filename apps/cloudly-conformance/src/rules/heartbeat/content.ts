import { randomUUID } from 'node:crypto';
import { limits } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import statusExample from '@serve.zone/baseos-contracts/examples/runtime-status.json' with { type: 'json' };
import { expectProblem, expectTaken, expectThat } from '../../rule/expectations.js';
import type { Rule } from '../../rule/rule.js';

/** A heartbeat with one unusable part, which must not affect the rest. */
function takes(name: string, cites: Rule['cites'], rule: string, cases: Record<string, object>): Rule {
  return {
    name,
    cites,
    rule,
    run: async ({ resident, heartbeat }) => {
      const node = await resident();
      for (const [what, changes] of Object.entries(cases)) {
        expectTaken(await heartbeat(node.fullHeartbeat(changes), node.nodeToken), `with ${what}`);
      }
    },
  };
}

function result(changes: object = {}): object {
  return {
    id: randomUUID(),
    outcome: 'succeeded',
    durationMs: 1,
    ...changes,
  };
}

const gated = { mode: 'gated', gate: 'closed', staged: 'a1b2c3', reason: 'An operator of Cloudly opens it' };

function reading(changes: object): object {
  return { vitals: { ...heartbeatExample.vitals, ...changes } };
}

function strangeStatus(): object {
  return {
    agent: { name: 'baserunner', version: '0.1.0' },
    runtime: { name: 'node', version: '24.21.0' },
    host: { platform: 'linux', arch: 'arm64' },
    device: {},
    supervisor: {
      state: 'available',
      version: '19.0.5',
      device: {
        ipAddresses: [7, '192.0.2.17', null],
        macAddresses: [{}],
        updatePending: false,
        updateFailed: false,
        updateDownloaded: false,
      },
      apps: ['no app', { appId: 1, services: [null, { name: 'till', status: 'Running' }] }],
    },
    acceptedCommands: [7, 'blink', ''],
  };
}

/** Heartbeats that are accepted, whatever is in them. */
export const content: readonly Rule[] = [
  {
    name: 'first-heartbeat',
    cites: ['H-3', 'F-1'],
    rule: 'the heartbeat that follows a registration is answered 200 with accepted: true',
    run: async ({ admit, heartbeat: beat }) => {
      const node = await admit();
      const answer = await beat(node.fullHeartbeat(), node.nodeToken);
      expectThat(expectTaken(answer)['accepted'] === true, 'accepted: true', 'something else');
    },
  },
  {
    name: 'minimal-heartbeat',
    cites: ['H-4'],
    rule: 'the smallest heartbeat is accepted, also after a rejected one: no status, no results, three vitals',
    run: async ({ enrol, heartbeat: beat }) => {
      const node = await enrol();
      const vitals = { agentUptimeMs: 1, agentRssBytes: 1, failedHeartbeats: 1 };
      expectTaken(await beat(node.heartbeat({ vitals }), node.nodeToken));
      expectProblem(await beat(node.heartbeat({ vitals: {} }), node.nodeToken), 'malformed-request');
      expectTaken(await beat(node.heartbeat({ vitals }), node.nodeToken), 'after one that was refused');
    },
  },
  takes('unusable-reading', ['J-14'], 'a reading out of its bounds counts as absent', {
    'a load below zero': reading({ load1: -1 }),
    'a percentage of 400': reading({ downloadProgressPercent: 400 }),
    'a text for a temperature': reading({ cpuTemperatureCelsius: 'hot' }),
    'half a byte of storage': reading({ storageFreeBytes: 0.5 }),
    'a running command without an ID': { runningCommand: { phase: 'asked' } },
  }),
  takes('poison-item', ['J-13', 'J-12'], 'a bad item of a list is dropped alone', {
    'results that are none, among good ones': { commandResults: [7, null, result(), { id: 'x' }, result({ id: 7 })] },
    'results of an unknown outcome': { commandResults: [result({ outcome: 'of-a-newer-node' })] },
    'a status with bad items in each list': { status: strangeStatus() },
  }),
  takes('status-of-updates', ['J-12'], 'a status may say how the device takes releases, in known words and in others', {
    'a closed gate': { status: { ...statusExample, updates: gated } },
    'words of a newer node': { status: { ...statusExample, updates: { mode: 'on-sundays', gate: 'ajar' } } },
  }),
  takes('unknown-results', ['D-9', 'J-13'], 'results for commands that Cloudly never gave are dropped', {
    'results for unknown commands': { commandResults: [result(), result({ outcome: 'failed' })] },
    'as many as one heartbeat carries': {
      commandResults: Array.from({ length: limits.commandResultsMax }, () => result()),
    },
  }),
];
