import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { LAST_HANG_FILE_NAME } from '../config/agent-files.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { readPublishedFile } from './read-published-file.js';

/** Why a watchdog ended an agent, for a person who looks after the restart. */
export interface LastHang {
  format: 1;
  /** RFC 3339, by the device's clock. */
  at: string;
  /** A sentence. */
  message: string;
  /** Where in the code the event loop was blocked, innermost first; empty if it was free. */
  stack: readonly string[];
}

export function lastHangPath({ statePath }: Pick<RunnerConfig, 'statePath'>): string {
  return join(dirname(statePath), LAST_HANG_FILE_NAME);
}

const lastHangSchema = v.object({
  format: v.literal(1),
  at: v.string(),
  message: v.string(),
  stack: v.array(v.string()),
});

/** The hang that a watchdog wrote down last, if there is one that can be read. It never throws. */
export async function readLastHang(config: Pick<RunnerConfig, 'statePath'>): Promise<LastHang | undefined> {
  try {
    const file = await readPublishedFile(lastHangPath(config), config.statePath);
    const parsed = v.safeParse(lastHangSchema, JSON.parse(file.kind === 'text' ? file.text : ''));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
