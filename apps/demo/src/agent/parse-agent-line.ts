/** A line of BaseRunner's JSON log. */
export interface AgentLine {
  /** The sentence for people. */
  message: string;
  /** A line of the level debug; a newcomer needs few of them. */
  isDetail: boolean;
  /** The number of the acknowledged heartbeat: 1, 2, 3 ... since the agent started. */
  heartbeatAcknowledged?: number;
}

/** A line that is not a log entry, such as a warning of Node, is an unchanged message. */
export function parseAgentLine(text: string): AgentLine {
  const line = parseObject(text);
  if (typeof line?.['message'] !== 'string') return { message: text, isDetail: false };
  const heartbeat = (line['fields'] as Record<string, unknown> | undefined)?.['heartbeat'];
  return {
    message: line['message'],
    isDetail: line['level'] === 'debug',
    ...(typeof heartbeat === 'number' && { heartbeatAcknowledged: heartbeat }),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
