import type { ConfigMistakeCode, ConfigWarningCode } from '../config/config-codes.js';

/** The codes of the notices about an identity, and what each means. A notice brings its own message. */
export const identityNoticeCodes = {
  'identity-new': 'The device has no stored identity, or not one of its own, and became a new node.',
  'identity-replaced': 'The stored identity belongs to another node ID or another device. A new node takes its place.',
  'identity-lost': 'Neither the state file nor its copy can be used.',
  'identity-impermanent':
    'The state directory is in memory or in a layer of the container, so the identity does not last.',
  'enrolment-changed':
    'BASEOS_CLOUDLY_URL leads to another Cloudly than before, or to the same one at another address.',
  'state-not-stored': 'The state file cannot be written.',
  'state-not-readable': 'The state file cannot be read now, or this version of the agent cannot read it.',
  'state-denied': 'This user is not allowed to read or write the state of the agent.',
  'state-stored': 'The state file can be written again.',
  'state-restored': 'The state file was missing and was written again.',
  'state-damaged': 'The state file is damaged, and what was intact of it, or its copy, is used.',
  'state-newer': 'A newer version of the agent wrote the state file.',
  'state-exposed': 'Other users were able to read the state file.',
  'legacy-state': 'The state file is a legacy one; its node is kept.',
  'copy-not-stored': 'The last good copy of the state file cannot be written.',
  'copy-unusable': 'The last good copy of the state file cannot be used and is written again.',
  'kept-aside': 'Files that were damaged or replaced are kept beside the state file.',
  'lock-not-held': 'The state directory can hold no lock, so a second agent would not be kept out.',
  'agent-waiting': 'Another agent uses the state directory; this one waits.',
} as const satisfies Readonly<Record<string, string>>;

/** A mistake in a setting is among them with its own code. */
export type IdentityNoticeCode = keyof typeof identityNoticeCodes | ConfigMistakeCode | ConfigWarningCode;
