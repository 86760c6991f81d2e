import type { TextStream } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';

export interface Output {
  stream: TextStream;
  /** Nothing more is written. Resolves once the person has read it. */
  end: () => Promise<void>;
}

/** Where a long text goes: into the pager of the person at the terminal, if there is one and it is wanted; else to stdout. */
export function openOutput(
  { terminal: { openPager }, stdout, trapSignals }: Pick<CommandContext, 'terminal' | 'stdout' | 'trapSignals'>,
  isPaged: boolean,
): Output {
  if (!isPaged || !openPager) return { stream: stdout, end: async () => undefined };
  const pager = openPager();
  // Ctrl-C is also for the pager, which stays: without this process, it would compete with the shell for the terminal.
  const survive = (): void => {
    trapSignals().addEventListener('abort', () => {
      pager.stop();
      survive();
    });
  };
  survive();
  return { stream: pager.input, end: pager.end };
}
