// Writes openapi.json from the table of routes: `pnpm build`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApi } from './open-api.js';

const file = fileURLToPath(new URL('../openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(openApi(), null, 2)}\n`);
