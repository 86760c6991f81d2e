// For `node --import`: leaks secrets as a careless program might. An effective search finds each.
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

const joinToken = process.env.BASEOS_JOIN_TOKEN ?? '';
const key = process.env.BALENA_SUPERVISOR_API_KEY ?? '';
const { address, name } = { address: process.env.BALENA_SUPERVISOR_ADDRESS, name: process.argv.at(-1) };

process.stderr.write(`debug: sent ${Buffer.from(`Bearer ${joinToken}`).toString('base64')}\n`);
writeFileSync(join(process.env.TMPDIR ?? '', `cache-${name}`), Array.from(key).toReversed().join(''));
process.title = `agent ${joinToken.slice(-12)}`;
request(`${address}/ping`, { headers: { 'x-token': encodeURIComponent(joinToken) } })
  .on('error', () => undefined)
  .end();
