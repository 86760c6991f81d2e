import { gateStates } from '@serve.zone/baseos-contracts';
import type { RunnerStatus } from '@serve.zone/baseos-runner-core';

/** Of the text that Prometheus reads (its exposition format, version 0.0.4). */
export const METRICS_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Metric {
  name: `baseos_${string}`;
  type: 'gauge' | 'counter';
  help: string;
  samples: readonly Sample[];
}

interface Sample {
  labels?: Readonly<Record<string, string>>;
  /** Absent: it is not known, and then the sample is left out. */
  value: number | undefined;
}

/** The status of the agent as metrics; what is not known is left out. Nothing in it is secret. */
export function metricsText(status: RunnerStatus): string {
  return metricsOf(status).map(written).join('');
}

function metricsOf({ runtime, supervisor, cloudly, commands, updates }: RunnerStatus): Metric[] {
  const { vitals } = runtime;
  return [
    gauge('agent_info', 'Version and runtime of the agent; always 1.', 1, {
      version: runtime.agent.version,
      runtime: runtime.runtime.name,
    }),
    gauge('agent_uptime_seconds', 'Time since the agent started.', seconds(vitals?.agentUptimeMs)),
    gauge('agent_resident_memory_bytes', "The agent's resident memory, as last measured.", vitals?.agentRssBytes),
    oneOf('node_state', 'The state of the node: 1 for the current state.', 'state', nodeStates, cloudly.state),
    oneOf(
      'cloudly_connectivity',
      'The result of the last call to Cloudly: 1 for the current result.',
      'connectivity',
      connectivities,
      cloudly.connectivity,
    ),
    gauge(
      'cloudly_last_success_timestamp_seconds',
      'Unix time of the last successful call to Cloudly.',
      instant(cloudly.lastSuccessAt),
    ),
    gauge(
      'cloudly_next_call_timestamp_seconds',
      'Unix time of the next planned call to Cloudly.',
      instant(cloudly.next?.at),
    ),
    gauge('cloudly_failures_in_a_row', 'Failed calls in a row.', cloudly.failuresInARow),
    counter('cloudly_outages_total', 'Outages since the agent started.', cloudly.outages),
    counter('heartbeats_sent_total', 'Heartbeats sent.', cloudly.heartbeatsSent),
    counter('heartbeats_acknowledged_total', 'Heartbeats acknowledged by Cloudly.', cloudly.heartbeatsAcknowledged),
    gauge('heartbeat_interval_seconds', 'The current time between heartbeats.', seconds(cloudly.heartbeatIntervalMs)),
    gauge('clock_skew_seconds', "How far the device's clock is ahead of Cloudly's.", seconds(vitals?.clockSkewMs)),
    gauge(
      'supervisor_available',
      '1 if the Supervisor answered the last read.',
      Number(supervisor.state === 'available'),
    ),
    gauge('supervisor_seen_seconds', 'Time since the Supervisor last answered.', seconds(vitals?.supervisorSeenMsAgo)),
    gauge('commands_waiting', 'Commands of Cloudly that have not begun.', commands.waiting?.length ?? 0),
    gauge('commands_running', 'Commands that have begun and have no outcome yet.', commands.running?.length ?? 0),
    ...gateMetrics(updates),
    {
      name: 'baseos_commands_ended_total',
      type: 'counter',
      help: 'Commands that ended since the agent started, by kind and outcome.',
      samples: (commands.ended ?? []).map(({ kind, outcome, count: value }) => ({ labels: { kind, outcome }, value })),
    },
    gauge(
      'commands_record_stored',
      '0 while the record of commands cannot be stored, so that none can begin.',
      Number(commands.problem === undefined),
    ),
  ];
}

/** Of a gated device. */
function gateMetrics(updates: RunnerStatus['updates']): Metric[] {
  const { gate, staged } = updates ?? {};
  if (gate === undefined) return [];
  return [
    oneOf('gate_state', 'The gate for releases: 1 for the current state.', 'state', gateStates, gate),
    gauge('gate_release_waiting', '1 if a downloaded release waits behind the gate.', Number(staged !== undefined)),
  ];
}

const nodeStates = ['not-configured', 'unknown', 'unregistered', 'pending', 'registered', 'dormant'];
const connectivities = ['unknown', 'connected', 'unreachable', 'rejected'];

function gauge(name: string, help: string, value: number | undefined, labels?: Sample['labels']): Metric {
  return {
    name: `baseos_${name}`,
    type: 'gauge',
    help,
    samples: [{ value, ...(labels && { labels }) }],
  };
}

function counter(name: string, help: string, value: number): Metric {
  return {
    ...gauge(name, help, value),
    type: 'counter',
  };
}

function oneOf(name: string, help: string, label: string, choices: readonly string[], chosen: string): Metric {
  return {
    name: `baseos_${name}`,
    type: 'gauge',
    help,
    samples: choices.map((choice) => ({ labels: { [label]: choice }, value: Number(choice === chosen) })),
  };
}

function seconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : durationMs / 1000;
}

function instant(text: string | undefined): number | undefined {
  return seconds(text === undefined ? undefined : Date.parse(text));
}

function written({ name, type, help, samples }: Metric): string {
  const lines = samples.flatMap(({ labels = {}, value }) => {
    if (value === undefined || !Number.isFinite(value)) return [];
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return [`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`];
  });
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
