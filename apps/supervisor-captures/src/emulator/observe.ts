import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import type { NoAnswerReason, RecordedOutcome, RecordedRequest } from '../recordings/recording.js';
import type { VirtualClock } from './virtual-clock.js';

/** Sends a request to the emulator and returns the outcome within this much of its time, as it would be recorded. */
export async function observe(
  supervisor: Supervisor,
  clock: VirtualClock,
  request: RecordedRequest,
  patienceMs: number,
): Promise<RecordedOutcome> {
  const ending = new AbortController();
  const sent = supervisor.fetch(toRequest(request, ending.signal)).then(
    (response) => ({ response }),
    (error: unknown) => ({ error }),
  );
  try {
    const answered = await clock.outcomeOf(sent, patienceMs);
    if (answered === undefined) return { kind: 'no-answer', reason: 'timeout' };
    if ('error' in answered.result) return { kind: 'no-answer', reason: reasonOf(answered.result.error) };
    return await read(answered.result.response, clock, patienceMs);
  } finally {
    ending.abort();
  }
}

/** Sends a request to the emulator and returns its outcome. Unlike in `observe`, no time passes for it. */
export async function answerOf(supervisor: Supervisor, request: RecordedRequest): Promise<RecordedOutcome> {
  try {
    const response = await supervisor.fetch(toRequest(request, new AbortController().signal));
    const { status, headers } = response;
    const contentType = headers.get('content-type') ?? undefined;
    return {
      kind: 'answer',
      status,
      contentType,
      headers: new Map(headers),
      body: await response.text(),
      isCut: false,
    };
  } catch (error) {
    return { kind: 'no-answer', reason: reasonOf(error) };
  }
}

/** The host does not matter: no socket is involved. */
function toRequest({ method, path, headers, body }: RecordedRequest, signal: AbortSignal): Request {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  return new Request(`http://supervisor${path}`, {
    method,
    headers: { ...headers },
    signal,
    // As bytes: from a text, a content type would be guessed.
    ...(hasBody && { body: new TextEncoder().encode(body) }),
  });
}

async function read(response: Response, clock: VirtualClock, patienceMs: number): Promise<RecordedOutcome> {
  const { body, end } = await readBody(response.body?.getReader(), clock, patienceMs);
  if (typeof end !== 'string') return { kind: 'no-answer', reason: reasonOf(end.error) };
  const { status, headers } = response;
  return {
    kind: 'answer',
    status,
    contentType: headers.get('content-type') ?? undefined,
    headers: new Map(headers),
    body,
    isCut: end === 'cut',
  };
}

interface ReadBody {
  body: string;
  end: 'whole' | 'cut' | { error: unknown };
}

async function readBody(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  clock: VirtualClock,
  patienceMs: number,
): Promise<ReadBody> {
  if (reader === undefined) return { body: '', end: 'whole' };
  const decoder = new TextDecoder();
  const until = clock.now() + patienceMs;
  for (let body = ''; ;) {
    const next = await clock.outcomeOf(settled(reader.read()), until - clock.now());
    if (next === undefined) {
      await reader.cancel().catch(() => undefined);
      return { body, end: 'cut' };
    }
    if ('error' in next.result) return { body, end: next.result };
    const { done, value } = next.result.value;
    if (done) return { body, end: 'whole' };
    body += decoder.decode(value, { stream: true });
  }
}

async function settled<Value>(promise: Promise<Value>): Promise<{ value: Value } | { error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

function reasonOf(error: unknown): NoAnswerReason {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as { code?: string };
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET') return 'reset';
  throw new Error('The emulator failed in a way that a Supervisor does not.', { cause: error });
}
