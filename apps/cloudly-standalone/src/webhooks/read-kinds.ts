import { type FleetEventKind, fleetEventKinds } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';

const ALL = 'all';

/** Which events a webhook gets. */
export const kindsFlag = {
  type: 'string',
  valueHint: 'kinds',
  offers: [ALL, ...fleetEventKinds],
  isList: true,
  description: 'Which kinds of events, separated by commas',
} as const;

/** @throws UsageError for a kind that there is not. */
export function readWebhookKinds(typed: string): FleetEventKind[] | null {
  return typed === ALL ? null : typed.split(',').map((word) => readKind(word.trim()));
}

function readKind(word: string): FleetEventKind {
  const kind = fleetEventKinds.find((each) => each === word);
  if (kind) return kind;
  const nearest = nearestName(word, [ALL, ...fleetEventKinds]);
  const hint = nearest === undefined ? '`events --help` has all of them.' : `Did you mean "${nearest}"?`;
  throw new UsageError(`There is no event "${word}". ${hint}`);
}
