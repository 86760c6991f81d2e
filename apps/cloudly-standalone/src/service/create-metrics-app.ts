import { Hono } from 'hono';
import type { Metrics } from '../metrics/create-metrics.js';
import { probes, type ProbesOptions } from './probes.js';

export interface MetricsAppOptions extends ProbesOptions {
  metrics: Pick<Metrics, 'read'>;
}

/** All that the server answers on the port for those who watch it: the probes are here as well, up to the end of draining. */
export function createMetricsApp({ metrics, ...probesOptions }: MetricsAppOptions): Hono {
  return new Hono().route('/', probes(probesOptions)).get('/metrics', async (context) => {
    const { contentType, text } = await metrics.read();
    return context.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' });
  });
}
