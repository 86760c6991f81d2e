import type { RunnerStatus } from '@serve.zone/baseos-runner-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsText } from './metrics-text.js';

function status(version = '1.2.3'): RunnerStatus {
  return {
    runtime: {
      agent: { name: 'baserunner', version },
      runtime: { name: 'node', version: '24.0.0' },
      host: { platform: 'linux', arch: 'arm64' },
      device: {},
      vitals: { agentUptimeMs: 61_500, agentRssBytes: 6e7, failedHeartbeats: 0, clockSkewMs: -250 },
    },
    supervisor: { state: 'unreachable', reason: 'no' },
    cloudly: {
      state: 'registered',
      connectivity: 'unreachable',
      heartbeatIntervalMs: 60_000,
      cloneSuspected: false,
      lastSuccessAt: '2026-11-27T08:00:00.000Z',
      failuresInARow: 3,
      failedHeartbeats: 3,
      heartbeatsSent: 12,
      heartbeatsAcknowledged: 9,
      outages: 1,
    },
    commands: { accepted: [] },
    configuration: {},
  };
}

/** The format as its specification has it: HELP, TYPE and samples of one metric together, each metric once. */
function parse(text: string): Record<string, { type: string; samples: Record<string, number> }> {
  const metrics: Record<string, { type: string; samples: Record<string, number> }> = {};
  const blocks = text.split(/^(?=# HELP )/m);
  for (const block of blocks) {
    const head = /^# HELP (baseos_[a-z_]+) [^\n]+\n# TYPE \1 (gauge|counter)\n/.exec(block);
    if (!head?.[1] || !head[2] || head[1] in metrics) throw new Error(`No metric: ${block}`);
    const samples: Record<string, number> = {};
    for (const line of block.slice(head[0].length).split('\n').slice(0, -1)) {
      const [, name, labels = '', value] =
        /^([a-z_]+)((?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (-?[\d.e+-]+)$/.exec(line) ?? [];
      if (name !== head[1]) throw new Error(`No sample of ${head[1]}: ${line}`);
      samples[labels] = Number(value);
    }
    metrics[head[1]] = { type: head[2], samples };
  }
  return metrics;
}

describe('the metrics of an agent', () => {
  test('are its status, in base units', () => {
    const metrics = parse(metricsText(status()));
    expect(metrics['baseos_agent_uptime_seconds']).toEqual({ type: 'gauge', samples: { '': 61.5 } });
    expect(metrics['baseos_clock_skew_seconds']?.samples).toEqual({ '': -0.25 });
    expect(metrics['baseos_heartbeats_sent_total']).toEqual({ type: 'counter', samples: { '': 12 } });
    expect(metrics['baseos_cloudly_last_success_timestamp_seconds']?.samples).toEqual({ '': 1_795_766_400 });
    expect(metrics['baseos_node_state']?.samples).toMatchObject({ '{state="registered"}': 1, '{state="dormant"}': 0 });
    expect(metrics['baseos_supervisor_available']?.samples).toEqual({ '': 0 });
  });

  test('count the commands by kind and outcome', () => {
    const problem = { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' };
    const ended = [
      { kind: 'update', outcome: 'succeeded', count: 3 },
      { kind: 'update', outcome: 'failed', count: 1 },
    ] as const;
    const running = [{ id: '1', kind: 'update' }] as const;
    const commands = { accepted: [], running: [...running], ended: [...ended], problem };
    const metrics = parse(metricsText({ ...status(), commands }));
    expect(metrics['baseos_commands_running']?.samples).toEqual({ '': 1 });
    expect(metrics['baseos_commands_waiting']?.samples).toEqual({ '': 0 });
    expect(metrics['baseos_commands_record_stored']?.samples).toEqual({ '': 0 });
    expect(metrics['baseos_commands_ended_total']).toEqual({
      type: 'counter',
      samples: { '{kind="update",outcome="succeeded"}': 3, '{kind="update",outcome="failed"}': 1 },
    });
    expect(parse(metricsText(status()))['baseos_commands_record_stored']?.samples).toEqual({ '': 1 });
  });

  test('tell the gate of a gated device', () => {
    const updates = { mode: 'gated', gate: 'closed', staged: 'abc' };
    const metrics = parse(metricsText({ ...status(), updates }));
    expect(metrics['baseos_gate_state']?.samples).toEqual({
      '{state="closed"}': 1,
      '{state="open"}': 0,
      '{state="unavailable"}': 0,
    });
    expect(metrics['baseos_gate_release_waiting']?.samples).toEqual({ '': 1 });
    expect(parse(metricsText({ ...status(), updates: { mode: 'free' } }))).not.toHaveProperty('baseos_gate_state');
  });

  test('omit unknown values', () => {
    const metrics = parse(metricsText(status()));
    expect(metrics).not.toHaveProperty('baseos_cloudly_next_call_timestamp_seconds');
    expect(metrics).not.toHaveProperty('baseos_supervisor_seen_seconds');
  });

  test('follow the format whatever a label contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (version) => {
        expect(Object.keys(parse(metricsText(status(version.replaceAll('\r', '')))))).toContain('baseos_agent_info');
      }),
    );
  });
});
