import type { EraRecording } from '../eras/era-recording.js';
import type { Recording } from '../recordings/recording.js';
import type { Verdict } from '../recordings/verdict.js';
import { findAnswer } from './check-emulator.js';
import { eraDevice } from './era-device.js';
import { situationOf } from './era-situations.js';
import { maskUnchecked } from './mask-unchecked.js';

/**
 * Whether an emulator of each release that is named gives the answer in the situation of the recording. A release that
 * is not emulated is reported; if none of them is, or the situation cannot be brought about, nothing is tried.
 */
export async function checkEmulatedEra(recording: EraRecording): Promise<Verdict> {
  const situation = situationOf(recording);
  if ('notEmulated' in situation) return notTried(situation.notEmulated);
  if (recording.tags.length === 0) return notTried('no release is named');
  const emulated = recording.tags.filter(isEmulated);
  const others = recording.tags.filter((tag) => !isEmulated(tag));
  const reason = `${others.join(', ')}, which is not emulated`;
  if (emulated.length === 0) return notTried(reason);
  const differences: string[] = [];
  for (const tag of emulated) {
    const verdict = await findAnswer(
      requested(recording, situation.authorization),
      situation.scenes,
      { ...eraDevice, supervisorVersion: tag.slice(1) },
      maskUnchecked,
    );
    if (!verdict.matched) differences.push(`${tag}: ${verdict.why}`);
  }
  if (differences.length > 0) return { matched: false, why: differences.join('; ') };
  return {
    matched: true,
    how: `${emulated.join(', ')}, ${situation.name}`,
    ...(others.length > 0 && { remark: notTried(reason).why }),
  };
}

function notTried(reason: string): { matched: undefined; why: string } {
  return { matched: undefined, why: `not tried: ${reason}` };
}

function isEmulated(tag: string): boolean {
  return Number(/^v(\d+)\./.exec(tag)?.[1]) >= oldestMajor;
}

/** The request as it is sent, with the key that the situation has. */
function requested(recording: EraRecording, authorization: string | undefined): Recording {
  const headers = {
    ...(authorization !== undefined && { Authorization: authorization }),
    ...(recording.request.body !== undefined && { 'Content-Type': 'application/json' }),
  };
  return { ...recording, request: { ...recording.request, headers } };
}

const oldestMajor = 6;
