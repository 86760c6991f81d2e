import type { HttpServerOptions } from '../http/http-server.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { probes, type ProbesOptions } from './probes.js';
import { answerFrom, noStore, type Routes } from './routes.js';

export interface MetricsAppOptions extends ProbesOptions {
  metrics: Pick<Metrics, 'read'>;
}

/** Everything that the server answers on the port for monitoring, including the probes until draining has ended. */
export function createMetricsApp({ metrics, ...probesOptions }: MetricsAppOptions): HttpServerOptions['fetch'] {
  const routes: Routes = {
    ...probes(probesOptions),
    '/metrics': async () => {
      const { contentType, text } = await metrics.read();
      return new Response(text, { headers: { ...noStore, 'content-type': contentType } });
    },
  };
  return (request) => answerFrom(routes, request) ?? new Response('404 Not Found', { status: 404 });
}
