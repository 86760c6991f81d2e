import type { ConfigWarning } from '../config/config-warning.js';
import { judgeMistakes } from '../config/judge-mistakes.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Randomness } from '../ports/randomness.js';
import { invalidConfiguration } from '../config/runner-error.js';
import { bindEnrolment } from './bind-enrolment.js';
import { digestOf, withEnvironmentToken } from './environment-token.js';
import { newEnrolment, type Enrolment, type Identity } from './identity.js';
import type { IdentityNotice, IdentitySource } from './identity-store.js';
import { newNodeSecret } from './new-node-secret.js';

export type IdentityConfig = Pick<
  RunnerConfig,
  'cloudlyUrl' | 'cloudlyMovedFrom' | 'nodeId' | 'nodeToken' | 'device' | 'mistakes'
>;

export interface ResolvedIdentity {
  identity: Identity;
  source: IdentitySource;
  /** The stored identity belongs to another node: it is kept aside. */
  replaces: boolean;
  notices: readonly IdentityNotice[];
  /** About mistakes in settings that this node does not need. */
  warnings: readonly ConfigWarning[];
}

export interface ResolveIdentityInput {
  stored:
    | { identity: Identity; source: Extract<IdentitySource, 'state-file' | 'last-good-copy' | 'legacy'> }
    | undefined;
  /** There was an identity, but no part of it can be used. */
  hadIdentity: boolean;
  /** It may become readable again: the new identity is a placeholder. @default false */
  isUnreadable?: boolean | undefined;
  config: IdentityConfig;
  randomness: Randomness;
}

/**
 * Which node this is, by the rules of precedence: `BASEOS_NODE_ID`, what is stored, a new node. Returns the stored
 * identity as the same object if nothing changes. Pure, except for the randomness.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where a mistake is in a setting that this node needs, or
 * `BASEOS_NODE_TOKEN` belongs to no known node.
 */
export function resolveIdentity(input: ResolveIdentityInput): ResolvedIdentity {
  const { config, stored, isUnreadable = false } = input;
  const another = stored && findAnotherNode(stored.identity, config);
  const isStored = stored !== undefined && another === undefined;
  const judge = (enrolment?: Enrolment): readonly ConfigWarning[] => {
    const standing = { isStored, isEnrolled: isKnown(enrolment), isRevoked: enrolment?.dormancy !== undefined };
    const judged = judgeMistakes(config.mistakes, isUnreadable ? 'unknown' : standing);
    if (judged.needed.length > 0) throw invalidConfiguration(judged.needed, judged.warnings);
    return judged.warnings;
  };
  // The ID says which node to make. If it is malformed, nothing else can be judged.
  if (!isStored && config.mistakes?.some(({ neededBy }) => neededBy === 'new-node')) judge();
  const resolved = isStored ? carryOn(stored, config) : makeNode(input, another);
  const bound = bindEnrolment(resolved.identity, config);
  const identity = takeEnvironmentToken(bound.identity, resolved.source, config);
  const warnings = judge(identity.enrolment);
  return { ...resolved, identity, notices: [...resolved.notices, ...bound.notices], warnings };
}

/** Whether a node can call its Cloudly without a join token: it has a node token, or Cloudly knows its key. */
function isKnown(enrolment: Enrolment | undefined): boolean {
  return enrolment?.nodeToken !== undefined || enrolment?.cloudlyId !== undefined || enrolment?.dormancy !== undefined;
}

/** Why the stored identity is not this node's, and what to do if it should be. */
interface AnotherNode {
  reason: string;
  remedy: string;
}

/** `undefined` where the stored identity is this node's. */
function findAnotherNode({ nodeId, deviceUuid }: Identity, config: IdentityConfig): AnotherNode | undefined {
  if (config.nodeId !== undefined && config.nodeId !== nodeId) {
    return {
      reason: `BASEOS_NODE_ID is ${config.nodeId}`,
      remedy: 'If that is not intended, correct BASEOS_NODE_ID.',
    };
  }
  const uuid = config.device.uuid;
  if (uuid === undefined || deviceUuid === undefined || uuid === deviceUuid) return undefined;
  return {
    reason: `it was made on device ${deviceUuid} and this is ${uuid} (the disk was copied, or the device was provisioned again)`,
    remedy: `If this device replaces the other one, set BASEOS_NODE_ID to ${nodeId} and allow a rebind in Cloudly.`,
  };
}

function carryOn(
  { identity, source }: { identity: Identity; source: IdentitySource },
  { device }: IdentityConfig,
): Omit<ResolvedIdentity, 'warnings'> {
  return {
    // A device that no longer reports its UUID keeps the previous one.
    identity:
      device.uuid === undefined || device.uuid === identity.deviceUuid
        ? identity
        : { ...identity, deviceUuid: device.uuid },
    source,
    replaces: false,
    notices: [],
  };
}

function makeNode(
  { stored, hadIdentity, config, randomness }: ResolveIdentityInput,
  another: AnotherNode | undefined,
): Omit<ResolvedIdentity, 'warnings'> {
  if (config.cloudlyUrl && config.nodeToken && config.nodeId === undefined && !stored && !hadIdentity)
    throw tokenOfNobody();
  const nodeId = config.nodeId ?? randomness.uuid();
  const previous = stored?.identity.nodeId;
  const source = config.nodeId === undefined ? 'generated' : 'environment';
  return {
    identity: {
      nodeId,
      nodeSecret: newNodeSecret(randomness),
      deviceUuid: config.device.uuid,
      previousNodeId: previous === nodeId ? undefined : previous,
    },
    source,
    replaces: stored !== undefined,
    notices: [
      ...(another === undefined
        ? []
        : [
            {
              level: 'warn',
              code: 'identity-replaced',
              message: `The stored identity of node ${previous} is not used because ${another.reason}.`,
              remedy: another.remedy,
            } as const,
          ]),
      {
        level: 'info',
        code: 'identity-new',
        message: `This is a new node: ${nodeId}${source === 'environment' ? ' (BASEOS_NODE_ID)' : ''}.`,
      },
    ],
  };
}

/**
 * Adopts `BASEOS_NODE_TOKEN` if it is new or changed. A token that came with a node that has its own, or that belongs
 * to the node that was here before, is only remembered, so that a change of it counts as new.
 */
function takeEnvironmentToken(identity: Identity, source: IdentitySource, config: IdentityConfig): Identity {
  const { cloudlyUrl, nodeToken } = config;
  if (!cloudlyUrl || !nodeToken) return identity;
  const { enrolment } = identity;
  const environmentTokenDigest = digestOf(nodeToken);
  if (enrolment?.environmentTokenDigest === environmentTokenDigest) return identity;
  const ofAnotherNode = source === 'generated';
  const hasItsOwn = source === 'legacy' && enrolment?.nodeToken !== undefined;
  if (!ofAnotherNode && !hasItsOwn) return withEnvironmentToken(identity, config);
  return {
    ...identity,
    enrolment: {
      ...(enrolment ?? newEnrolment(cloudlyUrl.origin)),
      environmentTokenDigest,
      environmentTokenIsForeign: ofAnotherNode ? true : undefined,
    },
  };
}

function tokenOfNobody() {
  return invalidConfiguration([
    {
      code: 'node-token-of-nobody',
      variable: 'BASEOS_NODE_TOKEN',
      message:
        'BASEOS_NODE_TOKEN is set, but it is not known which node it belongs to: no identity is stored and BASEOS_NODE_ID is not set.',
      remedy: 'Set BASEOS_NODE_ID as well, or set BASEOS_JOIN_TOKEN instead to enrol a new node.',
    },
  ]);
}
