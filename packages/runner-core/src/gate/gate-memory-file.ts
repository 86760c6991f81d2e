import * as v from 'valibot';
import { gatePathOf } from '../config/agent-files.js';
import { writeDurably } from '../disk/durable-write.js';
import { errorCode } from '../disk/error-code.js';
import { followStatePath } from '../disk/follow-state-path.js';
import { storageProblem } from '../disk/storage-problem.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Problem } from '../values/problem.js';
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
  statePath: configured,
  fileSystem,
  onProblem,
}: {
  statePath: string;
  fileSystem: FileSystem;
  /** Told why the file cannot be used, once for each reason in a row. */
  onProblem: (problem: Problem) => void;
}): GateMemoryStore {
  const place = async () => {
    const statePath = await followStatePath(fileSystem, configured);
    return { statePath, path: gatePathOf(statePath) };
  };
  let told: string | undefined;
  const report = async (error: unknown): Promise<void> => {
    const { code, message, remedy } = await storageProblem(fileSystem, error, await place());
    if (told === code) return;
    told = code;
    onProblem({ code, message: `The gate cannot remember failed starts and Cloudly's silence. ${message}`, remedy });
  };
  return {
    load: async () => {
      try {
        const { path } = await place();
        return readMemory(await fileSystem.readFile(path));
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') await report(error);
        return blankMemory;
      }
    },
    store: async ({ unprovenStarts, silentMs }) => {
      try {
        const text = JSON.stringify({ unprovenStarts, silentMs: Math.round(silentMs) });
        const { path } = await place();
        await writeDurably(fileSystem, path, new TextEncoder().encode(`${text}\n`));
        told = undefined;
      } catch (error) {
        await report(error);
      }
    },
  };
}

/** A damaged file is replaced: what it held may count a few starts less. */
function readMemory(bytes: Uint8Array): GateMemory {
  try {
    return v.parse(memorySchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return blankMemory;
  }
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
