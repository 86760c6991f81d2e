/** Rules of style that no rule of the linter's own can hold. docs/naming.md tells the rest. */

/** `const name = () => …` at module level, where a function declaration reads from the top and needs no hoisting. */
const functionDeclarations = {
  create(context) {
    function check(statement) {
      if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') return;
      for (const { id, init } of statement.declarations) {
        const isFunction = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression';
        if (!isFunction || id.type !== 'Identifier' || id.typeAnnotation) continue;
        context.report({
          node: id,
          message: `\`${id.name}\` is a function at module level. Declare it with \`function ${id.name}() {…}\`.`,
        });
      }
    }
    return {
      Program(program) {
        for (const statement of program.body) {
          check(
            statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement,
          );
        }
      },
    };
  },
};

export default { meta: { name: 'house-style' }, rules: { 'function-declarations': functionDeclarations } };
