// What a push to the main branch calls for, as an output of a job: `step=version` as long as there are changesets, else
// `step=publish`.
import { globSync } from 'node:fs';
import process from 'node:process';

const changesets = globSync('.changeset/*.md').filter((file) => !file.endsWith('README.md'));
process.stdout.write(`step=${changesets.length > 0 ? 'version' : 'publish'}\n`);
