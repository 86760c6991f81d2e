import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package. By the URL: a bundled configuration has that of each of its files, and one folder for all. */
export const pageFolder = join(dirname(fileURLToPath(import.meta.url)), '../..');
