import { expect, test } from 'vitest';
import { takingBuiltins } from '../builtin-modules.js';

test.each([
  ["import { join } from 'node:path';", 'const { join } = process.getBuiltinModule("node:path");'],
  [
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");',
  ],
  ["import * as os from 'node:os';", 'const os = process.getBuiltinModule("node:os");'],
  ["import process from 'node:process';", ''],
  [
    "import {\n  constants,\n  type Stats,\n  statSync,\n} from 'node:fs';",
    'const { constants, statSync } = process.getBuiltinModule("node:fs"); import type { Stats } from \'node:fs\';',
  ],
  ["import { type Stats } from 'node:fs';", "import type { Stats } from 'node:fs';"],
  ["import type { Socket } from 'node:net';", "import type { Socket } from 'node:net';"],
  ["import { x } from './node.js';", "import { x } from './node.js';"],
  ['const text = "import { x } from \'node:fs\'";', 'const text = "import { x } from \'node:fs\'";'],
])('%j becomes %j', (source, expected) => {
  expect(takingBuiltins(source)).toBe(expected);
});
