import { type ListenAddress, type Logger, type RunnerStatus, showListenAddress } from '@serve.zone/baseos-runner-core';
import { explainListenFailure } from './explain-listen-failure.js';
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

const FIRST_RETRY_MS = 1000;
const RETRY_MAX_MS = 30_000;

/**
 * Serves the metrics from soon on, and where something stands in their way, as soon as that is gone: the agent before this
 * one may still be about to end, or an address may come later. Each cause is told once, and none stands in the agent's way.
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
