// What becomes of requests in the server of the runtime that runs this: of bodies that were taken before, and of a node that
// leaves while it waits. Prints it.
import process from 'node:process';
import { leaveWhileWaiting } from './leave-while-waiting.mjs';
import { takeBodies } from './take-bodies.mjs';

const outcomes = { bodies: await takeBodies(), waiting: await leaveWhileWaiting() };
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
