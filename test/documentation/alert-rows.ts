import { alertKinds } from '@serve.zone/baseos-cloudly-handlers';

export const alertHead = ['Alert', 'When', 'Urgency', 'Opens after', 'Closes after', 'What to do'];

/** A row for each kind of alert. */
export function alertRows(): string[][] {
  return Object.entries(alertKinds).map(([kind, { what, urgency, opensAfterMs, closesAfterMs, remedy }]) => [
    `\`${kind}\``,
    `${what}.`,
    urgency,
    inWords(opensAfterMs),
    inWords(closesAfterMs),
    remedy,
  ]);
}

function inWords(durationMs: number): string {
  return durationMs === 0 ? 'at once' : `${durationMs / 60_000} minutes`;
}
