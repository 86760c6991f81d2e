import type { ListenAddress, Logger, RunnerStatus } from '@serve.zone/baseos-runner-core';
import type { MetricsServer } from './serve-metrics.js';

export interface OpenMetricsOptions {
  /** Absent: there are no metrics, and nothing of them is loaded. */
  address: ListenAddress | undefined;
  logger: Logger;
  status: () => RunnerStatus;
}

export interface OpenMetrics {
  close(): void;
}

/** Serves the metrics from soon on. What stands in their way is told, and does not stand in the agent's. */
export function openMetrics({ address, logger, status }: OpenMetricsOptions): OpenMetrics {
  let isClosed = false;
  let server: MetricsServer | undefined;
  const open = async (): Promise<void> => {
    if (!address) return;
    const { serveMetrics } = await import('./serve-metrics.js');
    server = await serveMetrics(address, status);
    if (isClosed) server.close();
  };
  open().catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    logger.warn(
      `There are no metrics (${code}): free the place that BASEOS_METRICS_LISTEN names, or name another one.`,
    );
  });
  return {
    close: () => {
      isClosed = true;
      server?.close();
    },
  };
}
