import type { Recording } from '../recording.js';

/** The services of the app on the device that was recorded: one, unless something tells of the second. */
export function servicesOf({ scenario, request, outcome }: Recording): readonly string[] {
  const told = [scenario, request.path, request.body ?? '', outcome.kind === 'answer' ? outcome.body : ''];
  return told.some((text) => /multi|two services|frontend/.test(text)) ? ['main', 'frontend'] : ['main'];
}
