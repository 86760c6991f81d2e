// For `node --import`: writes which of Node's own modules the process has loaded when it is told to end, or else when it ends.
// A process that ends while its disk is busy replaces itself by another program, and has no event for that.
import { writeSync } from 'node:fs';

let isWritten = false;
function write() {
  if (isWritten) return;
  isWritten = true;
  writeSync(2, `\nloaded: ${process.moduleLoadList.join(', ')}\n`);
}

process.on('SIGTERM', write);
process.on('exit', write);
