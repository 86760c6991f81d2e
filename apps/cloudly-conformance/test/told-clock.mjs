// Loaded before a program: its clock goes ahead by as many milliseconds as the test tells, which hears when it does.
import process from 'node:process';

const { now } = Date;
let aheadMs = 0;
Date.now = () => now() + aheadMs;

process.on('message', (durationMs) => {
  aheadMs += durationMs;
  process.send('told');
});
process.on('disconnect', () => process.exit());
