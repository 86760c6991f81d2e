import { type Environment, parseConfig } from '@serve.zone/baseos-runner-core';
import { gatherFacts, type GatherOptions } from '../facts/gather-facts.js';
import { lookAtSupervisor } from '../supervisor/supervisor-look.js';
import { type DoctorReport, doctorReport } from './doctor-report.js';

export type ExamineOptions = Pick<GatherOptions, 'lookup' | 'fetch'>;

/** Looks at everything that the agent depends on, and judges it: see {@link gatherFacts} and {@link doctorReport}. */
export async function examine(env: Environment, options: ExamineOptions = {}): Promise<DoctorReport> {
  const parsed = parseConfig(env);
  const config = parsed.ok ? parsed.config : parsed.usable;
  const supervisor = lookAtSupervisor(config);
  try {
    return doctorReport(await gatherFacts({ env, config, supervisor, ...options }));
  } finally {
    supervisor?.close();
  }
}
