// A server of a stand-alone Cloudly as a process of its own, by the clock of the test: it answers each instant that it is
// sent once that is its own, and ends with the channel.
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { HEARTBEAT_INTERVAL_MS } from './standalone-cloudly.js';

const [, , databaseUrl = '', startedAtMs] = process.argv;
let nowMs = Number(startedAtMs);

const { url, close } = await startStandaloneCloudly({
  databaseUrl,
  heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
  now: () => nowMs,
  onError: (error) => void process.stderr.write(`${String(error)}\n`),
});

process.on('message', (toldMs: number) => {
  nowMs = toldMs;
  process.send?.(toldMs);
});
process.on('disconnect', () => void close().then(() => process.exit()));
process.send?.(url);
