import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/published-packages.mjs';

/** Links what snippets use of other packages, from where the workspace has it, into a folder of snippets. */
export function linkOthers(folder: string): void {
  const ofExamples = ['@push.rocks/smartserve', '@types/express', 'express', 'fastify', 'hono'];
  const others = [...ofExamples.map((name) => ['examples/cloudly-handlers', name]), ['.', 'ajv']];
  for (const [from = '', name = ''] of others) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, from, 'node_modules', name), link);
  }
}
