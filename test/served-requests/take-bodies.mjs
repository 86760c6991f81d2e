import { createCloudlyHandlers, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { serve } from './serve.mjs';

const ways = {
  'left alone': () => undefined,
  'read as a copy': (request) => request.clone().text(),
  read: (request) => request.text(),
  'read in part': async ({ body }) => {
    const reader = body.getReader();
    await reader.read();
    reader.releaseLock();
  },
  'read in part, by a loop': async ({ body }) => {
    for await (const piece of body) if (piece) break;
  },
  'being read': ({ body }) => void body.getReader(),
  'split in two': ({ body }) => void body.tee(),
  'piped away': ({ body }) => body.pipeTo(new WritableStream()),
  cancelled: ({ body }) => body.cancel(),
};

/** Takes the body of a request in every way before the handlers get it: what came of each way. */
export async function takeBodies() {
  const outcomes = {};
  for (const [way, take] of Object.entries(ways)) outcomes[way] = await takeBody(take);
  return outcomes;
}

async function takeBody(take) {
  const errors = [];
  const handlers = createCloudlyHandlers({
    store: createMemoryStore(),
    cloudlyId: 'cloudly',
    onError: (error) => errors.push(error.message),
  });
  const server = await serve(async (request) => {
    await take(request);
    return handlers.fetch(request);
  });
  const response = await fetch(`http://127.0.0.1:${server.port}/baseos/v1/nodes/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"protocol":7}',
  });
  const { code } = await response.json();
  await server.stop();
  return { code, errors };
}
