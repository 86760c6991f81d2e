import type { TextStream } from '@serve.zone/baseos-command-line';
import type { StatusReport } from '@serve.zone/baseos-runner-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paintFor } from '../cli/terminal.js';
import { describeDuration } from './describe-duration.js';
import { humanStatus } from './human-status.js';

const nowMs = Date.parse('2026-11-30T08:00:00Z');

const report: StatusReport = {
  agent: { running: true, pid: 12, bootId: 'b', version: '1.2.3', publishedAt: '2026-11-30T07:59:52Z' },
  runtime: {
    agent: { name: 'baserunner', version: '1.2.3' },
    runtime: { name: 'node', version: '24.21.0' },
    host: { hostname: 'kitchen', platform: 'linux', arch: 'arm64', osVersion: 'balenaOS 6.5.10' },
    device: { uuid: 'abcdef' },
    vitals: { agentUptimeMs: 7_500_000, agentRssBytes: 1, hostUptimeMs: 190_000_000, failedHeartbeats: 0 },
  },
  supervisor: {
    state: 'available',
    version: '19.0.5',
    device: {
      ipAddresses: [],
      macAddresses: [],
      status: 'Idle',
      updatePending: false,
      updateFailed: false,
      updateDownloaded: false,
    },
    appState: 'applied',
    apps: [
      {
        appId: 7,
        name: 'till',
        services: [
          { name: 'main', status: 'Running' },
          { name: 'printer', status: 'Stopped' },
        ],
      },
    ],
  },
  cloudly: {
    url: 'https://cloudly.example/',
    state: 'registered',
    connectivity: 'connected',
    cloudlyId: 'c1',
    nodeId: 'node-1',
    heartbeatIntervalMs: 60_000,
    cloneSuspected: false,
    lastSuccessAt: '2026-11-30T07:59:48Z',
    failuresInARow: 0,
    failedHeartbeats: 0,
    heartbeatsSent: 1,
    heartbeatsAcknowledged: 1,
    outages: 0,
    next: { call: 'heartbeat', because: 'interval', explanation: 'Every 60 s.', at: '2026-11-30T08:00:48Z' },
  },
  commands: { accepted: [] },
  configuration: {},
  mistakes: [],
  notices: [],
};

function shown(changes: Partial<StatusReport> = {}): string[] {
  return humanStatus({ ...report, ...changes }, nowMs, (_colour, text) => text).split('\n');
}

describe('a status for people', () => {
  test('describes a healthy node in nine lines', () => {
    expect(shown()).toEqual([
      expect.stringMatching(/^BaseRunner {5}\d.* \(commit unknown\)$/),
      'Agent          running for 2 h, process 12, version 1.2.3, last update 8 s ago',
      'Node           registered, node-1',
      'Cloudly        connected, https://cloudly.example/, last success 12 s ago',
      'Next call      heartbeat in 48 s. Every 60 s.',
      'Device         abcdef, kitchen, balenaOS 6.5.10, up 2 days',
      'Supervisor     available, version 19.0.5, apps applied, Idle',
      'App            till, main Running, printer Stopped',
      '',
    ]);
  });

  test('tells of the commands that have no outcome, and why none can begin', () => {
    const lines = shown({
      commands: {
        accepted: ['update'],
        running: [{ id: '1', kind: 'update', phase: 'downloading', progressPercent: 40, sinceMs: 112_000 }],
        waiting: [
          { id: '2', kind: 'restart-service', service: 'main' },
          { id: '3', kind: 'blink' },
          { id: '4', kind: 'blink' },
        ],
        problem: { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' },
      },
    });
    expect(lines.slice(8, -1)).toEqual([
      'Command        update, downloading for 2 min, 40 %',
      'Command        restart-service main, waiting for its turn',
      'Command        blink, waiting for its turn',
      '               and 1 more',
      'Problem        The disk is full.',
      '               -> Free some space.',
    ]);
  });

  test('shows the gate of a gated device, the release that waits, and why', () => {
    const updates = { mode: 'gated', gate: 'closed', staged: 'abc', reason: 'It waits.' };
    const lines = humanStatus({ ...report, updates }, nowMs, (_colour, text) => text).split('\n');
    const at = lines.indexOf('Gate           closed, release abc waits');
    expect(lines[at + 1]).toBe('               It waits.');
    expect(humanStatus({ ...report, updates: { mode: 'free' } }, nowMs, (_colour, text) => text)).not.toContain('Gate');
  });

  test('adds the time since publication to the agent’s uptime', () => {
    const { vitals = { agentUptimeMs: 0, agentRssBytes: 1, failedHeartbeats: 0 } } = report.runtime;
    const atStart = { ...report.runtime, vitals: { ...vitals, agentUptimeMs: 0 } };
    expect(shown({ runtime: atStart })[1]).toMatch(/running for 8 s, .*last update 8 s ago$/);
  });

  test('reports problems with remedies, every error, and every notice', () => {
    const problem = { code: 'p', message: 'It is broken.', remedy: 'Mend it.' };
    const mistake = {
      code: 'setting-invalid',
      variable: 'BASEOS_NODE_ID',
      message: 'BASEOS_NODE_ID is wrong.',
      remedy: 'Set it to an ID.',
    } as const;
    const lines = shown({
      agent: { running: false },
      cloudly: { ...report.cloudly, state: 'pending', connectivity: 'rejected', approvalCode: 'AB-CD', problem },
      supervisor: { state: 'unreachable', reason: 'Nothing listens.' },
      mistakes: [mistake],
      notices: [
        { code: 'p', message: 'The same in other words.', remedy: 'Mend it.' },
        { code: 'n', message: 'The token is still there.', remedy: 'Remove the token.' },
      ],
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'Agent          not running',
        'Node           pending, node-1, approval code AB-CD',
        'Supervisor     unreachable',
        '               Nothing listens.',
        'Problem        It is broken.',
        '               -> Mend it.',
        'Mistake        BASEOS_NODE_ID is wrong.',
        '               -> Set it to an ID.',
        'Notice         The token is still there.',
        '               -> Remove the token.',
      ]),
    );
    expect(lines.join('\n')).not.toContain('other words');
  });

  test('reports that it is unknown whether the agent runs, and that no Cloudly is configured', () => {
    const { url: _none, ...cloudly } = report.cloudly;
    const lines = shown({ agent: {}, cloudly: { ...cloudly, state: 'not-configured' } });
    expect(lines).toContain('Agent          not known whether it is running');
    expect(lines).toContain('Cloudly        not configured');
  });

  test.each<[NonNullable<StatusReport['cloudly']['waking']>, string[]]>([
    [{ state: 'off', isWaiting: false }, ['Waking         off (BASEOS_WAKE)']],
    [{ state: 'unknown', isWaiting: false }, []],
    [{ state: 'not-offered', isWaiting: false }, ['Waking         not offered by this Cloudly']],
    [{ state: 'on', isWaiting: false }, ['Waking         on']],
    [{ state: 'on', isWaiting: true }, ['Waking         on, waiting for Cloudly']],
    [
      {
        state: 'failing',
        isWaiting: true,
        failure: { inARow: 4, since: '2026-11-30T07:52:30Z', reason: 'The request failed: ECONNRESET.' },
      },
      ['Waking         failing for 7 min, 4 requests in a row', '               The request failed: ECONNRESET.'],
    ],
  ])('tells whether commands have to wait for the next call: %j', (waking, expected) => {
    const lines = shown({ cloudly: { ...report.cloudly, waking } });
    expect(lines.filter((line) => !shown().includes(line))).toEqual(expected);
  });

  test('cannot be forged by text from others', () => {
    const lines = shown({ supervisor: { state: 'failing', reason: 'x\nNode           registered\u001b[2J' } });
    expect(lines).toContain('               x\\nNode           registered\\u001b[2J');
  });
});

describe('colours', () => {
  const pipe: TextStream = { write: () => undefined };
  const terminal = { ...pipe, isTTY: true };
  test('are used on a terminal', () => {
    expect(paintFor(terminal, {})('green', 'registered')).toBe('\u001b[32mregistered\u001b[39m');
  });

  test.each([
    ['a pipe', pipe, {}],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }],
    ['a terminal without colours', terminal, { TERM: 'dumb' }],
  ])('are not used for %s', (_what, stream, env) => {
    expect(paintFor(stream, env)('red', 'dormant')).toBe('dormant');
  });
});

describe('a duration', () => {
  test.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_199_999, '1 h'],
    [86_400_000, '1 day'],
    [40 * 86_400_000, '40 days'],
  ])('of %i ms is %s', (ms, words) => {
    expect(describeDuration(ms)).toBe(words);
  });

  test('is a whole number of its largest unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (ms) => {
        expect(describeDuration(ms)).toMatch(/^\d+ (?:s|min|h|days?)$/);
      }),
    );
  });
});
