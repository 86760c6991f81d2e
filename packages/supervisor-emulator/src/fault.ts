import type { Answer } from './answer.js';

/**
 * How requests fail. `none`: they do not; `hang`: no answer ever comes; `reset`: the connection is reset at the request;
 * `bad-gateway`: 502, as from a relay before a Supervisor that is down; `slow-body`: the right answer, its body at ten
 * bytes a second; `html`: 200 with a web page, as from a captive portal.
 * Except for `slow-body`, the request has no effect.
 */
export type Fault = (typeof faults)[number];

const faults = ['none', 'hang', 'reset', 'bad-gateway', 'slow-body', 'html'] as const;

/** Whether this names a fault. */
export function isFault(value: unknown): value is Fault {
  return (faults as readonly unknown[]).includes(value);
}

/** At the fault `slow-body`, how long each byte takes. */
export const slowByteMs = 100;

/** The answers that come from elsewhere than the Supervisor. */
export const strangersAnswers: Readonly<Record<'bad-gateway' | 'html', Answer>> = {
  'bad-gateway': {
    status: 502,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '11' },
    body: 'Bad Gateway',
  },
  html: {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': '54' },
    body: '<!DOCTYPE html><title>Sign in</title><h1>Welcome.</h1>',
  },
};
