// A process that sends the webhooks of a fleet in PostgreSQL. A message sets its clock forward.
import { openPostgresStore } from '../src/postgres.js';
import { createWebhookRunner, createWebhookSender } from '../src/webhooks.js';

const [, , url = '', schema = ''] = process.argv;
const serverKey = new Uint8Array(32).fill(7);
let aheadMs = 0;

process.on('message', (forwardMs: number) => {
  aheadMs += forwardMs;
});
process.on('disconnect', () => process.exit());

const store = await openPostgresStore(url, { schema });
createWebhookRunner({
  store,
  key: { read: async () => serverKey, ensure: async () => serverKey },
  sender: createWebhookSender({ networks: ['127.0.0.1'], timeoutMs: 50_000 }),
  now: () => Date.now() + aheadMs,
  onError: (error) => void process.stderr.write(`${String(error)}\n`),
});
process.send?.('works');
