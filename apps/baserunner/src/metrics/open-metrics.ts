import { type ListenAddress, type Logger, type RunnerStatus, showListenAddress } from '@serve.zone/baseos-runner-core';
import { explainListenFailure } from './explain-listen-failure.js';
import type { MetricsServer } from './serve-metrics.js';

export interface OpenMetricsOptions {
  /** Absent: there are no metrics, and none of their code is loaded. */
  address: ListenAddress | undefined;
  logger: Logger;
  status: () => RunnerStatus;
}

export interface OpenMetrics {
  close(): void;
}

const FIRST_RETRY_MS = 1000;
const RETRY_MAX_MS = 30_000;

/**
 * Starts to serve the metrics, and retries until that works: the previous agent may still be about to end, or an
 * address may appear later. Each cause is logged once, and none affects the agent.
 */
export function openMetrics({ address, logger, status }: OpenMetricsOptions): OpenMetrics {
  let isClosed = false;
  let server: MetricsServer | undefined;
  let retry: NodeJS.Timeout | undefined;
  let told: string | undefined;

  const open = async (place: ListenAddress, retryMs: number): Promise<void> => {
    try {
      const { serveMetrics } = await import('./serve-metrics.js');
      server = await serveMetrics(place, status);
    } catch (error) {
      if (isClosed) return;
      const explanation = explainListenFailure(error, place);
      if (explanation !== told) logger.warn(explanation);
      told = explanation;
      retry = setTimeout(() => void open(place, Math.min(2 * retryMs, RETRY_MAX_MS)), retryMs);
      retry.unref();
      return;
    }
    if (isClosed) server.close();
    else logger[told === undefined ? 'debug' : 'info'](`Metrics are served at ${showListenAddress(place)}.`);
  };

  if (address) void open(address, FIRST_RETRY_MS);
  return {
    close: () => {
      isClosed = true;
      clearTimeout(retry);
      server?.close();
    },
  };
}
