import * as v from 'valibot';
import { describes } from './describes.js';

interface Gate {
  id: string;
  labels: Readonly<Record<string, string>>;
  openedAtMs?: number | undefined;
}

const entries = { id: v.string(), labels: v.record(v.string(), v.string()), openedAtMs: v.exactOptional(v.number()) };
const { openedAtMs: _optional, ...withoutOne } = entries;

describes<Gate>()(v.object(entries)) satisfies v.GenericSchema<Gate>;

// @ts-expect-error -- too little
describes<Gate>()(v.object(withoutOne));

// @ts-expect-error -- too much
describes<Gate>()(v.object({ ...entries, colour: v.exactOptional(v.string()) }));

// @ts-expect-error -- another type
describes<Gate>()(v.object({ ...entries, openedAtMs: v.exactOptional(v.string()) }));

// @ts-expect-error -- always there, although it need not be
describes<Gate>()(v.object({ ...entries, openedAtMs: v.number() }));

// @ts-expect-error -- a kind is missing
describes<'open' | 'closed'>()(v.picklist(['open']));
