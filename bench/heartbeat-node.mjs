import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const example = JSON.parse(
  readFileSync(
    fileURLToPath(import.meta.resolve('@serve.zone/baseos-contracts/examples/heartbeat-request.json')),
    'utf8',
  ),
);
export const { status, statusHash } = example;
export const { vitals } = example;
const vitalsText = JSON.stringify(vitals);

/** The turns of the nodes: no divisor in common with their number, so that each has its turn, and no two neighbours do. */
export const TURN_STEP = 7919;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value, length) {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) text = alphabet[rest % 62] + text;
  return text;
}

/** The node of this number: the same in the process that keeps it and in the one that speaks for it. */
export function nodeOf(number) {
  const digits = String(number).padStart(12, '0');
  const unchecked = `bnt_${base62(number, 11)}_${createHash('sha256').update(digits).digest('hex').slice(0, 43)}`;
  const nodeToken = unchecked + base62(crc32(unchecked), 6);
  return { nodeId: `node-${digits}`, bootId: `00000000-0000-4000-8000-${digits}`, nodeToken };
}

/** What is kept of its token. */
export function tokenRecordOf({ nodeToken }) {
  return {
    id: nodeToken.slice(4, 15),
    hash: createHash('sha256').update(nodeToken).digest('hex'),
    issuedAtMs: Date.now(),
  };
}

/** The next heartbeat of a node, which has said all of its status before. */
export function heartbeatOf({ nodeId, bootId }, sequence) {
  return `{"protocol":1,"nodeId":"${nodeId}","bootId":"${bootId}","sequence":${sequence},"statusHash":"${statusHash}","vitals":${vitalsText}}`;
}
