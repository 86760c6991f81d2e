import { Hono } from 'hono';
import type { Readiness } from './readiness.js';

export interface ProbesOptions {
  cloudlyId: string;
  readiness: () => Promise<Readiness>;
}

/**
 * What orchestrators and load balancers ask: `/healthz`, whether this process is alive and which Cloudly it is, and
 * `/readyz`, whether nodes can be served now.
 */
export function probes({ cloudlyId, readiness }: ProbesOptions): Hono {
  return new Hono()
    .get('/healthz', (context) => context.json({ status: 'ok', cloudlyId }, 200, noStore))
    .get('/readyz', async (context) => {
      const now = await readiness();
      if (now.isReady) return context.json({ status: 'ready' }, 200, noStore);
      return context.json({ status: 'not-ready', reason: now.reason }, 503, { ...noStore, 'retry-after': '5' });
    });
}

const noStore = { 'cache-control': 'no-store' };
