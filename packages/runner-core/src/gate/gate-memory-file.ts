import * as v from 'valibot';
import { gatePathOf } from '../config/agent-files.js';
import { writeDurably } from '../disk/durable-write.js';
import { followStatePath } from '../disk/follow-state-path.js';
import type { FileSystem } from '../ports/file-system.js';
import { blankMemory, type GateMemory } from './gate-memory.js';

/** Where the memory of the gate lasts. Neither call rejects: what a disk refuses is forgotten with the process. */
export interface GateMemoryStore {
  load(): Promise<GateMemory>;
  store(memory: GateMemory): Promise<void>;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const memorySchema = v.object({ unprovenStarts: count, silentMs: v.pipe(v.number(), v.minValue(0)) });

/** In the directory of the state file, which the caller holds. */
export function gateMemoryFile({
  statePath,
  fileSystem,
}: {
  statePath: string;
  fileSystem: FileSystem;
}): GateMemoryStore {
  const path = async () => gatePathOf(await followStatePath(fileSystem, statePath));
  return {
    load: async () => {
      try {
        return v.parse(memorySchema, JSON.parse(new TextDecoder().decode(await fileSystem.readFile(await path()))));
      } catch {
        return blankMemory;
      }
    },
    store: async ({ unprovenStarts, silentMs }) => {
      try {
        const text = JSON.stringify({ unprovenStarts, silentMs: Math.round(silentMs) });
        await writeDurably(fileSystem, await path(), new TextEncoder().encode(`${text}\n`));
      } catch {
        // The agent reports a disk that refuses writes where the identity or the journal needs it.
      }
    },
  };
}
/** Memory that ends with the process. */
export function gateMemoryInProcess(): GateMemoryStore {
  let memory = blankMemory;
  return {
    load: async () => memory,
    store: async (next) => {
      memory = next;
    },
  };
}
