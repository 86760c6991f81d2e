// For `node --import`: the name server of a device that has just booted. The first two look-ups of any name fail, as they do
// before there is a network; after that every name is this machine's.
import { writeSync } from 'node:fs';

const dns = process.getBuiltinModule('node:dns');
let lookups = 0;

dns.lookup = (hostname, options, callback) => {
  lookups += 1;
  writeSync(2, `\nlooked up: ${hostname}\n`);
  if (lookups > 2) return queueMicrotask(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
  const error = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${hostname}`), { code: 'EAI_AGAIN', hostname });
  return queueMicrotask(() => callback(error));
};
