import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { inSentences, type Notice, reportNextRequest, reportStatus } from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import { program } from '../about/program.js';
import { version } from '../about/version.js';
import type { CommandContext } from '../cli/command-context.js';
import { paintFor } from '../cli/terminal.js';
import { writeMistakes } from '../cli/write-mistakes.js';
import { writeResult } from '../cli/write-result.js';
import { humanStatus } from '../status/human-status.js';
import { createTransport } from '../transport/create-transport.js';

/** `json`: everything; `human`: a dozen lines for people; `wire`: the next call to Cloudly, as JSON. */
export type StatusView = 'json' | 'human' | 'wire';

/**
 * Prints the status of the device, without changing it. As JSON, what an operator should know is repeated on stderr. Exit
 * code 2 where the agent does not start with this configuration.
 */
export async function status({ env, stdout, stderr }: CommandContext, view: StatusView): Promise<ExitCode> {
  const transport = createTransport();
  const options = { version, supervisorFetch: transport.fetch, builtMs };
  const warn = (found: readonly Notice[]): void => {
    for (const notice of found) stderr.write(`baserunner: ${escapeControls(inSentences(notice))}\n`);
  };
  try {
    if (view === 'wire') {
      const request = await reportNextRequest(env, options);
      warn(request.notices);
      writeResult(stdout, request);
      return 0;
    }
    const report = await reportStatus(env, options);
    const { mistakes, notices } = report;
    if (view === 'human') stdout.write(humanStatus(report, Date.now(), paintFor(stdout, env)));
    else {
      if (mistakes.length > 0) writeMistakes({ mistakes }, { env, stderr });
      warn(notices);
      writeResult(stdout, { program, ...report });
    }
    return mistakes.length > 0 ? 2 : 0;
  } finally {
    transport.close();
  }
}
