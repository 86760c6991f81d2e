// Loaded before a program: advances its clock by the milliseconds that the test sends, and confirms each step.
import process from 'node:process';

const { now } = Date;
let aheadMs = 0;
Date.now = () => now() + aheadMs;

process.on('message', (durationMs) => {
  aheadMs += durationMs;
  process.send('told');
});
process.on('disconnect', () => process.exit());
