import { jsonBodyOf, type RecordedRequest } from '../recordings/recording.js';
import type { Scene, Situation } from './scene.js';

/** The request names something of the recorded device; the emulated one has its own instead. */
export const namingSituations: readonly Situation[] = [
  {
    name: 'entries of the journal are chosen',
    possible: /\| .*(?:journal|containerId|unit)/i,
    scenes: [
      {
        name: 'the container that is named logs',
        arrange: ({ supervisor, substitute }, { request }) => {
          const recorded = memberOf(request, 'containerId');
          const own = supervisor.state.apps[0]?.containers[0]?.containerId;
          if (recorded && own !== undefined) substitute(recorded, own.slice(0, recorded.length));
        },
      },
      // Which units there are, and whether the engine is one of them, is a matter of the host OS.
      unitScene('the unit that is named logs', 'balena.service'),
      unitScene('the unit that is named does not log', 'never-heard-of.service'),
    ],
  },
  {
    name: 'the caller has the answer already',
    possible: /\| .*(?:conditional|none-match|etag|not modified)/i,
    scenes: [
      {
        name: 'the ETag that is named is that of the answer',
        arrange: async ({ send, substitute }, { request }) => {
          const name = Object.keys(request.headers).find((each) => each.toLowerCase() === 'if-none-match');
          if (name === undefined) return;
          const { [name]: recorded, ...headers } = request.headers;
          const outcome = await send({ ...request, headers }, 60_000);
          const own = outcome.kind === 'answer' ? outcome.headers.get('etag') : undefined;
          if (recorded && own !== undefined) substitute(recorded, own);
        },
      },
    ],
  },
];

function unitScene(name: string, own: string): Scene {
  return {
    name,
    arrange: ({ substitute }, { request }) => {
      const recorded = memberOf(request, 'unit');
      if (recorded) substitute(recorded, own);
    },
  };
}

function memberOf(request: RecordedRequest, name: string): string | undefined {
  const body = (jsonBodyOf(request) ?? {}) as Record<string, unknown>;
  const member = body[name];
  return typeof member === 'string' ? member : undefined;
}
