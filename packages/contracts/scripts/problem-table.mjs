/**
 * Every problem by its code: its document, what an operator can do, and the endpoints that return it.
 *
 * @param contracts what the package exports
 */
export function problemTable({ problems, problemDocument }) {
  return Object.fromEntries(
    Object.entries(problems).map(([code, { status, title, remedy, endpoints }]) => [
      code,
      { code, status, type: problemDocument({ code }, {}).type, title, remedy, endpoints },
    ]),
  );
}
