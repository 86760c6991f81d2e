import type { SupervisorClient } from '../src/client/supervisor-client.js';

export interface StreamScript {
  /** What is received, in these chunks. */
  chunks?: string[];
  /** How it breaks then; it ends in order without. */
  breaks?: Error;
  /** How asking for it fails. */
  refuses?: Error;
}

export interface ScriptedStreams extends Pick<SupervisorClient, 'stream'> {
  /** The bodies that were sent, one for each stream asked for. */
  asked: unknown[];
  /** How long each was allowed to take until it opens; `undefined` for the client's own limit. */
  connectTimeoutsMs: (number | undefined)[];
  /** How many streams were left before their end. */
  left: number;
}

/** A Supervisor with a script of successive streams. After the last one it refuses all requests. */
export function scriptedStreams(scripts: StreamScript[]): ScriptedStreams {
  const streams: ScriptedStreams = {
    asked: [],
    connectTimeoutsMs: [],
    left: 0,
    async stream(request, options) {
      streams.asked.push(request.body);
      streams.connectTimeoutsMs.push(options?.connectTimeoutMs);
      const script = scripts[streams.asked.length - 1];
      if (script === undefined) throw new Error('No stream is left in the script.');
      if (script.refuses !== undefined) throw script.refuses;
      return play(script, streams);
    },
  };
  return streams;
}

async function* play({ chunks = [], breaks }: StreamScript, streams: ScriptedStreams): AsyncGenerator<Uint8Array> {
  let isWhole = false;
  try {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk);
    isWhole = true;
    if (breaks !== undefined) throw breaks;
  } finally {
    if (!isWhole) streams.left += 1;
  }
}
