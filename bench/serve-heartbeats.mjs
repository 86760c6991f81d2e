import { createServer } from 'node:http';
import process from 'node:process';

/** Answers on a free port, which it tells the process that has forked this one; also tells what it costs when it is asked. */
export function serveHeartbeats(answer) {
  const server = createServer((request, response) => {
    void Promise.resolve(answer(request, response));
  });
  // The pace leaves some connections idle for longer than Node keeps them, or waits for their first request.
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', (asked) => {
    if (asked === 'cpu') process.send({ cpu: process.cpuUsage() });
  });
  process.on('disconnect', () => process.exit());
}
