import { escapeControls } from '@serve.zone/baseos-command-line';
import { checkNames, type Finding } from './finding.js';
import type { DoctorReport } from './doctor-report.js';

const nameWidth = Math.max(...checkNames.map((name) => name.length));

/** A report for people: one line for each check, and below it what to do. */
export function renderReport({ checks }: DoctorReport): string {
  return [...checks.flatMap(renderFinding), '', summary(checks), ''].join('\n');
}

function renderFinding({ check, verdict, message, remedy }: Finding): string[] {
  const lead = `${verdict === 'fail' ? 'FAIL' : verdict}  ${check.padEnd(nameWidth)}  `;
  const indent = ' '.repeat(lead.length);
  return [
    `${lead}${escapeControls(message)}`,
    ...(remedy === undefined ? [] : [`${indent}-> ${escapeControls(remedy)}`]),
  ];
}

function summary(checks: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number => checks.filter((each) => each.verdict === verdict).length;
  const failed = count('fail');
  const rest = `${counted(count('warn'), 'warning')}, ${count('pass')} passed, ${count('skip')} skipped.`;
  return failed === 0 ? `No check failed: ${rest}` : `${counted(failed, 'check')} failed: ${rest}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
