import type { AlertCount, HandlerEvent, NodeState } from '@serve.zone/baseos-cloudly-handlers';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type RefusalReason, refusalStatuses } from '../http/refusals.js';
import type { Eviction } from '../http/track-connections.js';
import { countAlerts } from './count-alerts.js';
import { countEvents } from './count-events.js';
import { countNodes } from './count-nodes.js';

export interface MetricsOptions {
  /** Called whenever the metrics are read. */
  countStates: () => Promise<Readonly<Record<NodeState, number>>>;
  /** The same of alerts that are open. */
  countAlerts: () => Promise<readonly AlertCount[]>;
  /** How many connections the server has now. */
  connectionCount: () => number;
  /** How many nodes wait to be woken now. */
  waitingCount: () => number;
  /**
   * Also memory, CPU and garbage collection of the process. They observe it from then on, so use them for only one
   * server in a process.
   *
   * @default false
   */
  withProcess?: boolean | undefined;
}

/** The metrics of one server for Prometheus. Every label has few values, and a client cannot choose any of them. */
export interface Metrics {
  /** In the text format. If the store does not answer, only the numbers of nodes and alerts are missing. */
  read(this: void): Promise<{ contentType: string; text: string }>;
  countEvent(this: void, event: HandlerEvent): void;
  countError(this: void): void;
  countRefusal(this: void, reason: RefusalReason, status: number | undefined): void;
  countEviction(this: void, full: Eviction['full']): void;
  observeRequest(this: void, endpoint: string, status: number, durationMs: number): void;
  observeOperation(this: void, operation: string, outcome: 'done' | 'failed', durationMs: number): void;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.withProcess) collectDefaultMetrics({ register: registry });
  countNodes(registry, options);
  countAlerts(registry, options);
  const connections: Gauge = new Gauge({
    name: 'cloudly_connections',
    help: 'Open connections on the port for nodes.',
    registers,
    collect: () => connections.set(options.connectionCount()),
  });
  const waiting: Gauge = new Gauge({
    name: 'cloudly_waiting_nodes',
    help: 'Nodes that wait to be woken, each on a connection of its own.',
    registers,
    collect: () => waiting.set(options.waitingCount()),
  });
  const evictions = new Counter({
    name: 'cloudly_evicted_connections_total',
    help: 'Connections closed in favour of new ones because their address or the server had reached its limit.',
    labelNames: ['full'],
    registers,
  });
  for (const full of ['address', 'server']) evictions.inc({ full }, 0);
  const rejections = new Counter({
    name: 'cloudly_rejected_requests_total',
    help: 'Requests and connections rejected before the handlers saw them, by reason and status.',
    labelNames: ['reason', 'status'],
    registers,
  });
  for (const [reason, status = 'none'] of Object.entries(refusalStatuses)) rejections.inc({ reason, status }, 0);
  const errors = new Counter({
    name: 'cloudly_errors_total',
    help: 'Failures that an operator should investigate. Each is in the log.',
    registers,
  });
  const requests = new Histogram({
    name: 'cloudly_request_duration_seconds',
    help: 'Time from the headers of a request to its answer, including the time in which its body arrived.',
    labelNames: ['endpoint', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const operations = new Histogram({
    name: 'cloudly_store_operation_duration_seconds',
    help: 'Duration of store operations.',
    labelNames: ['operation', 'outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  return {
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    countEvent: countEvents(registry),
    countError: () => errors.inc(),
    countRefusal: (reason, status) => rejections.inc({ reason, status: status ?? 'none' }),
    countEviction: (full) => evictions.inc({ full }),
    observeRequest: (endpoint, status, durationMs) => requests.observe({ endpoint, status }, durationMs / 1000),
    observeOperation: (operation, outcome, durationMs) => operations.observe({ operation, outcome }, durationMs / 1000),
  };
}
