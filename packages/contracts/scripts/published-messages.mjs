/**
 * The messages that have JSON Schemas, by file name: the export that each is made from, and what it is called. A
 * message that no writer of this version sends has no strict schema.
 */
export const publishedMessages = {
  'register-request': { source: 'registerRequestSchema', title: 'Register request' },
  'register-accepted': { source: 'registerAcceptedSchema', title: 'Register answer, 200 or 201' },
  'register-pending': { source: 'registerPendingSchema', title: 'Register answer, 202' },
  'heartbeat-request': { source: 'heartbeatRequestSchema', title: 'Heartbeat request' },
  'heartbeat-answer': { source: 'heartbeatAnswerSchema', title: 'Heartbeat answer, 200' },
  'wake-answer': { source: 'wakeAnswerSchema', title: 'Wake answer, 200' },
  problem: { source: 'problemSchema', title: 'Problem document' },
  'runtime-status': { source: 'runtimeStatusSchema', title: 'Runtime status' },
  vitals: { source: 'vitalsSchema', title: 'Vitals' },
  'desired-state': { source: 'desiredStateSchema', title: 'Desired state' },
  command: { source: 'commandSchema', title: 'Command' },
  'command-result': { source: 'commandResultSchema', title: 'Command result' },
  'legacy-register-request': {
    source: 'legacyRegisterRequestSchema',
    title: 'Legacy register request',
    isOnlyRead: true,
  },
  'legacy-heartbeat-request': {
    source: 'legacyHeartbeatRequestSchema',
    title: 'Legacy heartbeat request',
    isOnlyRead: true,
  },
  'legacy-register-answer': {
    source: 'legacyRegisterAnswerSchema',
    title: 'Legacy register answer',
    isOnlyRead: true,
  },
  'legacy-heartbeat-answer': {
    source: 'legacyHeartbeatAnswerSchema',
    title: 'Legacy heartbeat answer',
    isOnlyRead: true,
  },
};
