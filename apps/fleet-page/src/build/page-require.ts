import { createRequire } from 'node:module';

/** Loads what this package depends on. The configurations of other programs are bundled with this, and would not find it. */
export const pageRequire = createRequire(import.meta.url);
