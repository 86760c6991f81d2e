import type { NoAnswer, RecordedAnswer, RecordedOutcome } from '../recordings/recording.js';
import { compareLines } from './compare-lines.js';
import { compareShapes } from './compare-shapes.js';
import { maskDevice } from './mask-device.js';
import { mendJson } from './mend-json.js';

/**
 * How an outcome differs from the recorded one: status, content type, significant headers, body. Empty if it does not.
 */
export function compareOutcomes(recorded: RecordedOutcome, given: RecordedOutcome): string[] {
  if (recorded.kind === 'no-answer' || given.kind === 'no-answer') {
    const [expected, got] = [nameOf(recorded), nameOf(given)];
    return expected === got ? [] : [`expected ${expected}, got ${got}`];
  }
  const differences = [
    ...compareValue('status', recorded.status, given.status),
    ...compareValue('content type', recorded.contentType, given.contentType),
  ];
  // Where these differ, the bodies differ too: that says nothing more.
  if (differences.length > 0) return differences.map((difference) => `${difference} with ${begin(given.body)}`);
  return [...compareHeaders(recorded, given), ...compareBodies(recorded, given)];
}

/** Whether the body is one that comes line by line: the Supervisor sends its streams without a content type. */
function isStream(answer: RecordedAnswer): boolean {
  return answer.status === 200 && answer.contentType === undefined;
}

function isJson({ contentType }: RecordedAnswer): boolean {
  return /^application\/json\b/.test(contentType ?? '');
}

/** The JSON of a recorded answer, as far as it was recorded; undefined if there is none. */
export function jsonOf(answer: RecordedAnswer): unknown {
  if (!isJson(answer)) return undefined;
  return answer.isCut ? mendJson(answer.body) : parse(answer.body);
}

function nameOf(outcome: RecordedOutcome): string {
  return outcome.kind === 'answer'
    ? `status ${outcome.status} with ${begin(outcome.body)}`
    : reasonNames[outcome.reason];
}

const reasonNames: Readonly<Record<NoAnswer['reason'], string>> = {
  refused: 'a refused connection',
  reset: 'a connection that breaks off',
  timeout: 'no answer at all',
};

function compareHeaders(recorded: RecordedAnswer, given: RecordedAnswer): string[] {
  if (recorded.headers.size === 0) return [];
  const tags = [recorded, given].map(({ headers }) => headers.get('etag'));
  const isConstant = !isJson(recorded) && recorded.body === given.body && recorded.status !== 304;
  const etag = isConstant ? compareValue('ETag', ...pair(tags)) : compareValue('ETag', ...pair(tags.map(kindOfTag)));
  // Of a stream or an empty body, whether a length is told depends on the transport.
  const hasLength = !isStream(recorded) && recorded.status !== 304;
  const lengths = [recorded, given].map(({ headers }) => (headers.has('content-length') ? 'one' : undefined));
  return [...etag, ...(hasLength ? compareValue('Content-Length', ...pair(lengths)) : [])];
}

function kindOfTag(tag: string | undefined): string | undefined {
  return tag === undefined ? undefined : tag.startsWith('W/') ? 'a weak one' : 'a strong one';
}

function compareBodies(recorded: RecordedAnswer, given: RecordedAnswer): string[] {
  const isPartial = recorded.isCut;
  if (isStream(recorded)) return compareLines(recorded.body, given.body, { isCut: isPartial });
  const [recordedJson, givenJson] = [jsonOf(recorded), jsonOf(given)];
  if (recordedJson !== undefined) {
    return givenJson === undefined
      ? [`the body: expected JSON, got ${begin(given.body)}`]
      : compareShapes(recordedJson, givenJson, { isPartial });
  }
  const [expected, got] = [maskDevice(recorded.body), maskDevice(given.body)];
  const isSame = isPartial ? got.startsWith(expected) : got === expected;
  return isSame ? [] : [`the body: expected ${begin(recorded.body)}, got ${begin(given.body)}`];
}

function compareValue<Value extends string | number>(
  name: string,
  recorded: Value | undefined,
  given: Value | undefined,
): string[] {
  return recorded === given ? [] : [`${name}: expected ${recorded ?? 'none'}, got ${given ?? 'none'}`];
}

function pair<Value>([one, other]: readonly Value[]): [Value | undefined, Value | undefined] {
  return [one, other];
}

function begin(body: string): string {
  return body === '' ? 'no body' : JSON.stringify(body.length <= 160 ? body : `${body.slice(0, 160)}…`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
