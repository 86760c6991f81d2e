import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { RecordedOutcome, Recording } from '../recordings/recording.js';
import { restoreBody } from './restore-body.js';
import type { Scene } from './scene.js';
import { setStage, type Stage } from './stage.js';

/**
 * The emulator's answers to the recorded request in this scene: once, or at each moment of its course. The moments
 * are close enough together to meet every stage of an update.
 */
export async function* watchScene(
  scene: Scene,
  recording: Recording,
  device: SupervisorOptions,
): AsyncGenerator<RecordedOutcome> {
  const { courseMs = 0 } = scene;
  const patienceMs = patienceFor(recording);
  const request = restoreBody(recording);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const stage = isRead ? await openScene(scene, recording, device) : undefined;
  for (let atMs = 0; atMs <= courseMs; atMs += isRead ? readStepMs : writeStepMs) {
    // What is written changes the course, so each moment has a device of its own.
    yield await (stage ?? (await openScene(scene, recording, device, atMs))).send(request, patienceMs);
    await stage?.pass(readStepMs);
  }
}

async function openScene(scene: Scene, recording: Recording, device: SupervisorOptions, passMs = 0): Promise<Stage> {
  const stage = await setStage({ ...device, ...scene.device });
  await scene.arrange?.(stage, recording);
  await stage.pass(passMs);
  return stage;
}

/** Where the recording ended before the answer did, as long as it lasted; else as long as anything can take. */
function patienceFor({ outcome, elapsedMs }: Recording): number {
  const isOpen = outcome.kind === 'no-answer' ? outcome.reason === 'timeout' : outcome.isCut;
  return isOpen && elapsedMs > 0 ? elapsedMs : longestMs;
}

const readStepMs = 50;
const writeStepMs = 250;
const longestMs = 3 * 60_000;
