import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { buildCli, type BuiltCli } from './build-cli.js';
import { Rig } from './rig.js';

/** A rig of its own for every test of a file, all over one build of the CLI. */
export function useRig(take: (rig: Rig) => void, entryPath?: string): void {
  let cli: BuiltCli;
  let rig: Rig;
  beforeAll(async () => {
    cli = await buildCli(entryPath);
  });
  afterAll(() => cli.remove());
  beforeEach(async () => {
    rig = await Rig.open(cli);
    take(rig);
  });
  afterEach(() => rig.close());
}
