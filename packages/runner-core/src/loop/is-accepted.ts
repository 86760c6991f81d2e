/** Whether Cloudly took the call, in protocol 1 or before it. */
export function isAccepted<Outcome extends { kind: string }>(
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: 'accepted' | 'accepted-legacy' }> {
  return outcome.kind === 'accepted' || outcome.kind === 'accepted-legacy';
}
