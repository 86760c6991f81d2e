import type { Readiness } from './readiness.js';
import { noStore, type Routes } from './routes.js';

export interface ProbesOptions {
  cloudlyId: string;
  readiness: () => Promise<Readiness>;
}

/**
 * The probes of orchestrators and load balancers: `/healthz`, whether this process is alive and which Cloudly it is,
 * and `/readyz`, whether nodes can be served now.
 */
export function probes({ cloudlyId, readiness }: ProbesOptions): Routes {
  return {
    '/healthz': () => Response.json({ status: 'ok', cloudlyId }, { headers: noStore }),
    '/readyz': async () => {
      const now = await readiness();
      if (now.isReady) return Response.json({ status: 'ready' }, { headers: noStore });
      const headers = { ...noStore, 'retry-after': '5' };
      return Response.json({ status: 'not-ready', reason: now.reason }, { status: 503, headers });
    },
  };
}
