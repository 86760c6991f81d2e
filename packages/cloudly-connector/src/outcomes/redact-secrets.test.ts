import { describe, expect, test } from 'vitest';
import { problemBody, registerAccepted } from '../../test/messages.js';
import { classifyHeartbeatAnswer } from '../answers/classify-answer.js';
import { redactSecrets } from './redact-secrets.js';

function refusal(detail: string, more: object = {}) {
  const document = JSON.parse(problemBody({ code: 'malformed-request', detail })) as object;
  const text = JSON.stringify({ ...document, ...more });
  const headers = { contentType: undefined, retryAfter: undefined, date: undefined };
  return classifyHeartbeatAnswer({ status: 400, ...headers, body: { ok: true, text } }, false);
}

describe('an outcome', () => {
  test('contains no secret that the server repeats, in any member', () => {
    const outcome = refusal('Bearer s3cret is odd', { headers: { authorization: ['Bearer s3cret'] } });
    const redacted = redactSecrets(outcome, ['s3cret']);
    expect(JSON.stringify(redacted)).not.toContain('s3cret');
    expect(redacted).toMatchObject({ kind: 'refused', problem: { detail: 'Bearer [redacted] is odd' } });
  });

  test('contains no secret that the server repeats as a key', () => {
    const outcome = refusal('odd', { 's3cret-token': 1, extras: [{ 'the s3cret-token': { deep: true } }] });
    const redacted = redactSecrets(outcome, ['s3cret-token']);
    expect(redacted).toMatchObject({
      problem: { '[redacted]': 1, extras: [{ 'the [redacted]': { deep: true } }] },
    });
    expect(JSON.stringify(redacted)).not.toContain('s3cret-token');
  });

  test('keeps its meaning if a secret equals one of its own words', () => {
    expect(redactSecrets(refusal('a problem'), ['refused', 'malformed-request', 'problem', 'detail'])).toMatchObject({
      kind: 'refused',
      problem: { code: 'malformed-request', detail: 'a [redacted]' },
    });
  });

  test('stays legible with a token too short to be a secret', () => {
    const outcome = { kind: 'not-cloudly', status: 302, reason: 'a redirect' } as const;
    expect(redactSecrets(outcome, ['t', 'redir'])).toEqual(outcome);
  });

  test('with an answer is passed on unchanged, because the answer is itself a secret', () => {
    const accepted = { kind: 'accepted', created: true, answer: registerAccepted } as const;
    expect(redactSecrets(accepted, ['issued'])).toBe(accepted);
  });

  test('without anything repeated is unchanged', () => {
    const outcome = { kind: 'timeout', timeoutMs: 5 } as const;
    expect(redactSecrets(outcome, ['s3cret'])).toEqual(outcome);
  });
});
