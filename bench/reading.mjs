// What reading a message costs beside `JSON.parse` of it, over messages of many shapes:
// with long lists, many members and deep nesting wherever the contract names a member, and where it names none. Ends with 1
// when a message costs more than five times as much. Reads the built packages.
//
//   npx -y pnpm@12.21.0 run bench:reading [--all]
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  parseHeartbeatAnswer,
  parseHeartbeatRequest,
  parseProblem,
  parseRegisterAnswer,
  parseRegisterRequest,
} from '@serve.zone/baseos-contracts';

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });

function say(text) {
  return process.stdout.write(`${text}\n`);
}

const RATIO_MAX = 5;
/** Large enough that its shape decides; a larger one costs as much by the byte. */
const SHAPE_BYTES = 96 * 1024;

function example(name) {
  return JSON.parse(readFileSync(new URL(`../packages/contracts/examples/${name}.json`, import.meta.url), 'utf8'));
}

const readers = [
  { name: 'register request', parse: parseRegisterRequest, message: example('register-request') },
  { name: 'heartbeat request', parse: parseHeartbeatRequest, message: example('heartbeat-request') },
  { name: 'register answer', parse: parseRegisterAnswer, message: example('register-accepted') },
  { name: 'heartbeat answer', parse: parseHeartbeatAnswer, message: example('heartbeat-answer') },
  { name: 'problem', parse: parseProblem, message: example('problem') },
];

/** JSON that hostile lists and objects are made of. */
const items = [
  '1',
  '-1.5',
  '1e20',
  '0.12345678912345678',
  'null',
  'true',
  '""',
  '"a"',
  '"\\u0041"',
  '"é"',
  '"中"',
  '"abcdefghijklmnop"',
  '{}',
  '[]',
  '[[[[1]]]]',
  '{"a":1}',
  '{"name":"a","status":"b"}',
  '{"name":"","status":1}',
  '{"appId":1,"services":[]}',
  '{"appId":1,"services":[1]}',
  '{"path":"a","rule":"b"}',
  `{"id":"${randomUUID()}","outcome":"failed"}`,
  `{"id":"${randomUUID()}","kind":"blink","expiresInMs":-1}`,
  `"${'x'.repeat(30_000)}"`,
  `"${'ä'.repeat(10_000)}"`,
  `"${'中'.repeat(10_000)}"`,
];

function listOf(item, byteCount) {
  return `[${Array(Math.max(1, Math.floor(byteCount / (Buffer.byteLength(item) + 1))))
    .fill(item)
    .join(',')}]`;
}

function objectOf(item, byteCount) {
  const members = [];
  for (let size = 0; size < byteCount; size += Buffer.byteLength(members.at(-1)) + 1)
    members.push(`"k${members.length.toString(36)}":${item}`);
  return `{${members.join(',')}}`;
}

function deep(text) {
  return `${'{"a":'.repeat(28)}${text}${'}'.repeat(28)}`;
}

function placesIn(value) {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, child]) =>
        [[key]].concat(placesIn(child).map((place) => [key].concat(place))),
      )
    : [];
}

const PLACEHOLDER = '@here@';

function withAt(value, [key, ...rest], put) {
  if (key === undefined) return put;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = withAt(value[key], rest, put);
  return copy;
}

/** The quickest of many tries, as other work on the machine only ever adds. */
function costMs(work, budgetMs) {
  let bestMs = Number.POSITIVE_INFINITY;
  const startedAtMs = performance.now();
  for (let tries = 0; tries < 3 || performance.now() - startedAtMs < budgetMs; tries += 1) {
    const beganAtMs = performance.now();
    work();
    bestMs = Math.min(bestMs, performance.now() - beganAtMs);
  }
  return bestMs;
}

function ratioOf(parse, text) {
  let ratio = Number.POSITIVE_INFINITY;
  // A ratio that is too high is measured again, for longer: two short measurements in a row are not of one moment.
  for (const budgetMs of [0, 10, 100, 500]) {
    const readMs = costMs(() => parse(text), budgetMs);
    ratio = Math.min(ratio, readMs / costMs(() => JSON.parse(text), budgetMs));
    if (ratio <= RATIO_MAX) break;
  }
  return ratio;
}

let worst = 0;
let tooHigh = 0;
for (const { name, parse, message } of readers) {
  const places = [...placesIn(message), ['unnamed'], ['status', 'unnamed']].filter(
    ([first]) => first !== 'status' || 'status' in message,
  );
  const found = [{ ratio: ratioOf(parse, JSON.stringify(message)), what: 'as in the examples' }];
  for (const place of places) {
    // Every third of them shows enough for a look, another third at each place.
    for (const item of items.filter((_, index) => values.all || (index + places.indexOf(place)) % 3 === 0)) {
      const shapes = { list: listOf(item, SHAPE_BYTES), object: objectOf(item, SHAPE_BYTES) };
      if (place.at(-1) === 'unnamed') shapes['list, deep'] = deep(listOf(item, SHAPE_BYTES));
      for (const [shape, text] of Object.entries(shapes)) {
        const body = JSON.stringify(withAt(message, place, PLACEHOLDER)).replace(`"${PLACEHOLDER}"`, () => text);
        found.push({ ratio: ratioOf(parse, body), what: `${place.join('.')}: ${shape} of ${item.slice(0, 60)}` });
      }
    }
  }
  found.sort((one, other) => other.ratio - one.ratio);
  worst = Math.max(worst, found[0].ratio);
  tooHigh += found.filter(({ ratio }) => ratio > RATIO_MAX).length;
  say(`${name}: ${found.length} messages`);
  for (const { ratio, what } of values.all ? found : found.slice(0, 5)) say(`  ${ratio.toFixed(1)} x  ${what}`);
}
say(`The dearest costs ${worst.toFixed(1)} times JSON.parse of it; ${RATIO_MAX} is the most allowed.`);
process.exitCode = tooHigh > 0 ? 1 : 0;
