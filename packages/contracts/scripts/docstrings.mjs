import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('..', import.meta.url));

/**
 * The docstrings of what the package exports. A schema of valibot has the same members as a value and as a type, so the place
 * of a schema's member is found in both by the same keys.
 *
 * @returns a function that gives the place of an export by its name
 */
export function readDocstrings() {
  const { config } = ts.readConfigFile(`${folder}../../tsconfig.base.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder);
  const program = ts.createProgram([`${folder}src/index.ts`], { ...options, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(`${folder}src/index.ts`);
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(source)).map((symbol) => [symbol.name, symbol]),
  );

  const placeOf = (symbol, path) => {
    const type = checker.getTypeOfSymbol(symbol);
    return {
      path,
      docstring: docstringOf(symbol, checker),
      at: (key) => {
        const member = checker.getPropertyOfType(type, String(key));
        if (!member) throw new TypeError(`${path} has no member ${key}`);
        return placeOf(member, `${path}.${key}`);
      },
    };
  };
  return (name) => placeOf(original(exported.get(name), checker), name);
}

function original(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** A member's own docstring, or that of the constant which is its value. */
function docstringOf(symbol, checker) {
  const own = asText(symbol.getDocumentationComment(checker));
  if (own) return own;
  const constant = constantOf(symbol.declarations?.[0], checker);
  return constant && asText(original(constant, checker).getDocumentationComment(checker));
}

function constantOf(declaration, checker) {
  if (!declaration) return undefined;
  if (ts.isShorthandPropertyAssignment(declaration)) return checker.getShorthandAssignmentValueSymbol(declaration);
  if (ts.isPropertyAssignment(declaration) && ts.isIdentifier(declaration.initializer)) {
    return checker.getSymbolAtLocation(declaration.initializer);
  }
  return undefined;
}

function asText(parts) {
  return ts
    .displayPartsToString(parts)
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s*\n\s*/g, ' ');
}
