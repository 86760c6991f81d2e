// Compiles programs in a folder that has the packed packages installed, by one version of TypeScript, and prints each
// diagnostic, or nothing. `node check-types.mjs <typescript> <folder> [others] [bundlers] [msw]`: with `others`, what other
// packages declare is checked, too; with `bundlers`, modules are resolved as by bundlers, too.
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import process from 'node:process';

const [typescript, folder, ...extents] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(typescript);
const { NodeNext, ESNext } = ts.ModuleKind;

/** Declarations that come with a package are checked as well: that is what `skipLibCheck: false` says. */
const compilerOptions = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
};
const neutral = { lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], types: [] };
const node = { lib: ['lib.es2022.d.ts'], types: ['node'] };
const byNode = { module: NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
const byBundler = { module: ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };

const programs = [
  { file: 'neutral.ts', options: { ...neutral, ...byNode }, checksEveryFile: extents.includes('others') },
  { file: 'update-lock.ts', options: { ...neutral, lib: [...neutral.lib, 'lib.esnext.disposable.d.ts'], ...byNode } },
  { file: 'node.ts', options: { ...node, ...byNode } },
  ...(extents.includes('bundlers')
    ? [
        { file: 'neutral.ts', options: { ...neutral, ...byBundler } },
        { file: 'node.ts', options: { ...node, ...byBundler } },
      ]
    : []),
  ...(extents.includes('msw') ? [{ file: 'msw.ts', options: { ...node, ...byNode } }] : []),
];

/** What has been read: all programs have most files in common, and take the format of a module from its folder or not at all. */
const sourceFiles = new Map();

function hostOf(options) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (fileName, reading, ...rest) => {
    const key = `${reading.impliedNodeFormat} ${fileName}`;
    if (!sourceFiles.has(key)) sourceFiles.set(key, getSourceFile.call(host, fileName, reading, ...rest));
    return sourceFiles.get(key);
  };
  return host;
}

/** Checking what others declare takes the most time by far, and comes out the same each time. */
function isOurs({ fileName }) {
  return !fileName.includes('/node_modules/') || fileName.includes('/node_modules/@serve.zone/');
}

function diagnose({ file, options, checksEveryFile = false }) {
  const allOptions = { ...compilerOptions, ...options };
  const program = ts.createProgram([join(folder, file)], allOptions, hostOf(allOptions));
  const knowsNode = program.getSourceFiles().some(({ fileName }) => fileName.includes('/node_modules/@types/node/'));
  if (knowsNode && options.types.length === 0) return [`${file}: something brings the types of Node`];
  // TypeScript's own libraries are as large as all else, and not for us to judge.
  const declared = program.getSourceFiles().filter((source) => !program.isSourceFileDefaultLibrary(source));
  const files = declared.filter((source) => checksEveryFile || isOurs(source));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((source) => program.getSyntacticDiagnostics(source)),
    ...files.flatMap((source) => program.getSemanticDiagnostics(source)),
  ].map(({ file: source, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (!source) return `${file}: ${text}`;
    const { line } = source.getLineAndCharacterOfPosition(start);
    return `${file}: ${relative(folder, source.fileName).split(sep).join('/')}:${line + 1}: ${text}`;
  });
}

process.chdir(folder);
for (const diagnostic of new Set(programs.flatMap(diagnose))) process.stdout.write(`${diagnostic}\n`);
