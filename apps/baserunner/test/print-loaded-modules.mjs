// For `node --import`: writes which of Node's own modules the process had loaded when it ended.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(2, `\nloaded: ${process.moduleLoadList.join(', ')}\n`));
