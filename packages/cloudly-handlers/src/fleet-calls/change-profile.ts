import { untilUndisturbed } from '../fleet/change-node.js';
import type { NodeProfile } from '../fleet/node-profile.js';
import type { ValueCount } from '../fleet-store/fleet-store.js';
import { labelKeyMistake, labelsMistake } from '../selector/label-rules.js';
import { linesMistake, textMistake } from '../operator/text-mistake.js';
import { type Call, requireLimit, requireValue, throwUnknownNode } from './call.js';
import { FleetError } from './fleet-error.js';
import type { LabelChanges, ProfileChange } from './fleet.js';
import { requireFreeLabels } from './scoped-labels.js';

/** In characters. */
const NAME_MAX_LENGTH = 100;
const NOTES_MAX_LENGTH = 10_000;

const KEYS = 1000;
const VALUES = 100;

interface ChangedProfile {
  profile: NodeProfile;
  hasChanged: boolean;
}

export async function rename(
  call: Call,
  nodeId: string,
  name: string | undefined,
  change?: ProfileChange,
): Promise<NodeProfile> {
  const shown = name?.trim() || undefined;
  requireValue(shown && textMistake('The name', shown, NAME_MAX_LENGTH), 'Choose another name.');
  const { profile } = await changeProfile(call, nodeId, change, ({ name: _before, ...rest }) => ({
    ...rest,
    ...(shown !== undefined && { name: shown }),
  }));
  return profile;
}

export async function setNotes(
  call: Call,
  nodeId: string,
  notes: string | undefined,
  change?: ProfileChange,
): Promise<NodeProfile> {
  const shown = notes?.trim() ? notes : undefined;
  requireValue(shown && linesMistake('The notes', shown, NOTES_MAX_LENGTH), 'Shorten them, or change them.');
  const { profile } = await changeProfile(call, nodeId, change, ({ notes: _before, ...rest }) => ({
    ...rest,
    ...(shown !== undefined && { notes: shown }),
  }));
  return profile;
}

export async function label(
  call: Call,
  nodeId: string,
  labels: LabelChanges,
  change?: ProfileChange,
): Promise<NodeProfile> {
  return (await changeLabels(call, nodeId, labels, change)).profile;
}

/** The same, and whether it has changed anything. */
export function changeLabels(
  call: Call,
  nodeId: string,
  labels: LabelChanges,
  change?: ProfileChange,
): Promise<ChangedProfile> {
  return changeProfile(call, nodeId, change, async (before) => {
    const after = withLabels(before.labels, labels);
    const changed = Object.keys(labels).filter((key) => valueOf(before.labels, key) !== valueOf(after, key));
    if (changed.length === 0) return before;
    requireLabels(after);
    await requireFreeLabels(call, changed);
    return { ...before, labels: after };
  });
}

function withLabels(before: NodeProfile['labels'], changes: LabelChanges): Record<string, string> {
  const entries = new Map<string, string | null>([...Object.entries(before), ...Object.entries(changes)]);
  return Object.fromEntries([...entries].filter((entry): entry is [string, string] => entry[1] !== null));
}

function valueOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** @throws FleetError for labels that no node has */
export function requireLabels(labels: Readonly<Record<string, string>>): void {
  const mistake = labelsMistake(labels);
  if (mistake === undefined) return;
  throw new FleetError('label-invalid', mistake, { remedy: 'Change the label, or remove some.' });
}

export async function labelKeys({ store }: Call, limit: number = KEYS): Promise<ValueCount[]> {
  return store.countLabelKeys(requireLimit(limit, KEYS));
}

export async function labelValues({ store }: Call, key: string, limit: number = VALUES): Promise<ValueCount[]> {
  requireValue(labelKeyMistake(key), 'Name a key that nodes have.');
  const selector = { terms: [{ field: 'label', key, isNot: false } as const] };
  return store.countFleetBy(`label.${key}`, { selector, limit: requireLimit(limit, KEYS) });
}

/** Compare and set, as often as it takes; `decide` gives the same profile if nothing changes. */
async function changeProfile(
  { store }: Call,
  nodeId: string,
  { revision }: ProfileChange = {},
  decide: (before: NodeProfile) => NodeProfile | Promise<NodeProfile>,
): Promise<ChangedProfile> {
  return untilUndisturbed(nodeId, async () => {
    const before = (await store.findProfile(nodeId)) ?? throwUnknownNode(nodeId);
    if (revision !== undefined && revision !== before.revision) throwChanged(nodeId);
    const after = await decide(before);
    if (isSame(before, after)) return { profile: before, hasChanged: false };
    if (!(await store.replaceProfile(after))) return undefined;
    return { profile: { ...after, revision: after.revision + 1 }, hasChanged: true };
  });
}

function isSame(before: NodeProfile, after: NodeProfile): boolean {
  return before.name === after.name && before.notes === after.notes && before.labels === after.labels;
}

function throwChanged(nodeId: string): never {
  throw new FleetError('revision-changed', `The name, notes or labels of node ${nodeId} were changed in the meantime`, {
    remedy: 'Read the node again, and repeat the change if it still applies.',
  });
}
