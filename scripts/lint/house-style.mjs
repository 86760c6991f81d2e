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

/** `readonly` before a member of an interface, a type literal or a mapped type. Collections and class fields have it. */
const noReadonlyMembers = {
  create(context) {
    function check(node) {
      if (!node.readonly || node.readonly === '-') return;
      context.report({
        node,
        message: 'A member of a type is not `readonly`. Remove it; keep it on collections and on fields of classes.',
      });
    }
    return { TSPropertySignature: check, TSIndexSignature: check, TSMappedType: check };
  },
};

export default {
  meta: { name: 'house-style' },
  rules: { 'function-declarations': functionDeclarations, 'no-readonly-members': noReadonlyMembers },
};
