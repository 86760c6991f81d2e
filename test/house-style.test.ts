import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const refused = [
  ['a function in a constant', 'export const double = (x: number): number => 2 * x;', 'function-declarations'],
  ['a readonly member of an interface', 'export interface Node { readonly id: string }', 'no-readonly-members'],
  ['a readonly member of a type literal', 'export type Node = { readonly id: string };', 'no-readonly-members'],
  [
    'a readonly member of a parameter',
    'export function idOf(node: { readonly id: string }): string { return node.id; }',
    'no-readonly-members',
  ],
  ['a readonly index signature', 'export interface Names { readonly [id: string]: string }', 'no-readonly-members'],
  ['a readonly mapped type', 'export type Sizes = { readonly [Key in "a" | "b"]: number };', 'no-readonly-members'],
] as const;

const letBe = [
  ['a function declaration', 'export function double(x: number): number { return 2 * x; }'],
  ['a closure', 'export function adder(by: number) { const add = (x: number): number => x + by; return add; }'],
  [
    'readonly collections of options',
    'export interface Options { ids: readonly string[]; names: Readonly<Record<string, string>> }',
  ],
  ['a readonly field of a class', 'export class Node { readonly id = "a"; }'],
  ['a mapped type without readonly', 'export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };'],
] as const;

const samples = [...refused, ...letBe];
let brokenRules: ReadonlyMap<string, string[]>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'house-style-'));
  try {
    await Promise.all(samples.map(([, text], index) => writeFile(join(folder, `${index}.ts`), text)));
    const broken = await lint(folder);
    brokenRules = new Map(
      samples.map(([what], index) => [
        what,
        broken.filter(({ file }) => file === `${index}.ts`).map(({ rule }) => rule),
      ]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The rules of the house that the linter finds broken in the files of the folder. */
async function lint(folder: string): Promise<{ file: string; rule: string }[]> {
  const linter = join(root, 'node_modules/oxlint/bin/oxlint');
  const flags = ['--config', join(root, '.oxlintrc.json'), '--format', 'json', folder];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [linter, ...flags], (_error, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  return diagnostics.flatMap(({ code, filename }) => {
    const rule = /^house-style\((.+)\)$/.exec(code)?.[1];
    return rule === undefined ? [] : [{ file: basename(filename), rule }];
  });
}

test.each(refused)('the linter rejects %s', (what, _text, rule) => {
  expect(brokenRules.get(what)).toEqual([rule]);
});

test.each(letBe)('the linter accepts %s', (what) => {
  expect(brokenRules.get(what)).toEqual([]);
});
