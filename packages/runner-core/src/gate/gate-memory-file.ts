import * as v from 'valibot';
import { gatePathOf, spareGatePathOf } from '../config/agent-files.js';
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

export interface GateMemoryFileOptions {
  statePath: string;
  /** The update lock of the service, if there is one: beside it the memory lasts until the device is restarted. */
  lockPath: string | undefined;
  fileSystem: FileSystem;
  /** Told why the file cannot be used, once for each reason in a row. */
  onProblem: (problem: Problem) => void;
}

/**
 * In the directory of the state file, which the caller holds. Where the disk refuses it, beside the update lock: an agent
 * that crashes must not hold back the release that mends it, on whatever disk. Where neither can be written, there is no
 * lock either.
 */
export function gateMemoryFile({
  statePath: configured,
  lockPath,
  fileSystem,
  onProblem,
}: GateMemoryFileOptions): GateMemoryStore {
  const place = async () => {
    const statePath = await followStatePath(fileSystem, configured);
    return { statePath, path: gatePathOf(statePath) };
  };
  const sparePath = lockPath === undefined ? undefined : spareGatePathOf(lockPath);
  let isSpareUsed = false;
  let told: string | undefined;
  const report = async (error: unknown): Promise<void> => {
    const { code, message, remedy } = await storageProblem(fileSystem, error, await place());
    if (told === code) return;
    told = code;
    const lasts = isSpareUsed ? ' beyond a restart of the device' : '';
    onProblem({
      code,
      message: `The gate cannot remember failed starts and Cloudly's silence${lasts}. ${message}`,
      remedy,
    });
  };

  const loadSpare = async (): Promise<GateMemory> => {
    if (sparePath === undefined) return blankMemory;
    try {
      const memory = readMemory(await fileSystem.readFile(sparePath));
      isSpareUsed = true;
      return memory;
    } catch {
      return blankMemory;
    }
  };
  const storeSpare = async (bytes: Uint8Array): Promise<void> => {
    if (sparePath === undefined) return;
    try {
      await writeDurably(fileSystem, sparePath, bytes);
      isSpareUsed = true;
    } catch {
      // Then the folder takes no lock either.
    }
  };
  const dropSpare = async (): Promise<void> => {
    if (sparePath === undefined || !isSpareUsed) return;
    isSpareUsed = false;
    await fileSystem.removeFile(sparePath).catch(() => undefined);
  };

  return {
    load: async () => {
      const spare = await loadSpare();
      try {
        const { path } = await place();
        return worse(readMemory(await fileSystem.readFile(path)), spare);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') await report(error);
        return spare;
      }
    },
    store: async ({ unprovenStarts, silentMs }) => {
      const text = JSON.stringify({ unprovenStarts, silentMs: Math.round(silentMs) });
      const bytes = new TextEncoder().encode(`${text}\n`);
      try {
        const { path } = await place();
        await writeDurably(fileSystem, path, bytes);
        told = undefined;
        await dropSpare();
      } catch (error) {
        await storeSpare(bytes);
        await report(error);
      }
    },
  };
}

/** A file that could no longer be written says less than happened. */
function worse(one: GateMemory, other: GateMemory): GateMemory {
  return {
    unprovenStarts: Math.max(one.unprovenStarts, other.unprovenStarts),
    silentMs: Math.max(one.silentMs, other.silentMs),
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
