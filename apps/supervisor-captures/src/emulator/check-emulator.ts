import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import { compareOutcomes, jsonOf } from '../compare/compare-outcomes.js';
import { wordsOf } from '../compare/words-of.js';
import type { RecordedOutcome, Recording } from '../recordings/recording.js';
import { recordedDevice } from './recorded-device.js';
import type { Scene } from './scene.js';
import { scenesFor } from './situations.js';
import type { Verdict } from '../recordings/verdict.js';
import { watchScene } from './watch-scene.js';

/**
 * Whether the emulator gives the recorded answer in the situation of the recording: at one moment of one scene it has the
 * same status, content type and shape, and each word that tells a state occurs in such an answer.
 */
export async function checkEmulator(recording: Recording): Promise<Verdict> {
  return findAnswer(recording, scenesFor(recording), recordedDevice(recording));
}

/**
 * Looks for the recorded answer in these scenes, each of them of such a device.
 *
 * @param mask takes out of a body what is not to be compared
 */
export async function findAnswer(
  recording: Recording,
  scenes: readonly Scene[],
  device: SupervisorOptions,
  mask: (body: string) => string = (body) => body,
): Promise<Verdict> {
  const tries = new Tries({ ...recording, outcome: masked(recording.outcome, mask) });
  for (const scene of scenes) {
    for await (const outcome of watchScene(scene, recording, device)) {
      const how = tries.judge(scene, masked(outcome, mask));
      if (how !== undefined) return { matched: true, how };
    }
  }
  return { matched: false, why: tries.closest };
}

function masked(outcome: RecordedOutcome, mask: (body: string) => string): RecordedOutcome {
  return outcome.kind === 'answer' ? { ...outcome, body: mask(outcome.body) } : outcome;
}

class Tries {
  readonly #recorded: RecordedOutcome;
  readonly #missingWords: Set<string>;
  #closest: { differences: readonly string[]; scene: string } | undefined;
  #hasShape = false;

  constructor({ outcome }: Recording) {
    this.#recorded = outcome;
    this.#missingWords = new Set(wordsIn(outcome));
  }

  /** How the scene gives the recorded answer; undefined if it does not, or not yet. */
  judge({ name: scene }: Scene, outcome: RecordedOutcome): string | undefined {
    const differences = compareOutcomes(this.#recorded, outcome);
    if (differences.length > 0) {
      if (this.#closest === undefined || differences.length < this.#closest.differences.length) {
        this.#closest = { differences, scene };
      }
      return undefined;
    }
    const words = wordsIn(outcome);
    if ([...wordsIn(this.#recorded)].every((word) => words.has(word))) return scene;
    this.#hasShape = true;
    words.forEach((word) => this.#missingWords.delete(word));
    return this.#missingWords.size === 0 ? `${scene}, its words at different moments` : undefined;
  }

  get closest(): string {
    if (this.#hasShape) return `expected ${[...this.#missingWords].join(', ')}, which never occurs`;
    if (this.#closest === undefined) return 'no scene fits';
    return `${this.#closest.differences.join('; ')} (in the scene: ${this.#closest.scene})`;
  }
}

function wordsIn(outcome: RecordedOutcome): ReadonlySet<string> {
  return outcome.kind === 'answer' ? wordsOf(jsonOf(outcome)) : new Set();
}
