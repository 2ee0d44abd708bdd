/**
 * Plugin of oxlint. Its rule refuses assertions that pass without a subject: `answer?.expect(200)`, which then does not run;
 * `expect(answer?.text).not.toBe('')` and the like, which hold for undefined; and `expect(answer.text ?? '')`, which is about
 * another value then.
 */
export default {
  meta: { name: 'certain-assertions' },
  rules: {
    'no-optional-subject': {
      create: (context) => ({
        ChainExpression(node) {
          if (isSkipped(node))
            context.report({ node, message: 'This assertion does not run if its subject is missing.' });
          else if (holdsForNothing(node))
            context.report({ node, message: 'This assertion holds if its subject is missing.' });
        },
        CallExpression(node) {
          if (isAssertion(node) && hasSubstitute(node))
            context.report({ node, message: 'This assertion is about another value if its subject is missing.' });
        },
      }),
    },
  },
};

function isSkipped(chain) {
  const links = linksOf(chain.expression);
  const assertion = links.findIndex(isAssertion);
  return assertion >= 0 && links.slice(assertion).some(({ optional }) => optional);
}

/** The parts of `a?.b(c).d`, from the last to the first. */
function linksOf(part) {
  const before = part.callee ?? part.object ?? part.expression;
  return before ? [part, ...linksOf(before)] : [part];
}

function isAssertion({ type, callee }) {
  return type === 'CallExpression' && (callee.name ?? callee.property?.name) === 'expect';
}

/** Whether it is the subject of an `expect(…)` that also holds for undefined. */
function holdsForNothing(chain) {
  const subject = outermost(chain);
  const { parent: call } = subject;
  if (!isAssertion(call) || call.arguments[0] !== subject) return false;
  const { property, parent: matching } = call.parent;
  if (['not', 'toBeUndefined', 'toBeFalsy'].includes(property?.name)) return true;
  const [expected] = matching?.arguments ?? [];
  return ['toBe', 'toEqual', 'toStrictEqual'].includes(property?.name) && expected?.name === 'undefined';
}

/** The subject with the type assertions around it. */
function outermost(node) {
  return /^TS(As|NonNull)Expression$/.test(node.parent.type) ? outermost(node.parent) : node;
}

/** Whether the subject of `expect(…)` or `….expect(…)` is `a ?? b`. */
function hasSubstitute({ callee, arguments: [argument] }) {
  const subject = callee.type === 'Identifier' ? argument : callee.object;
  return (
    subject !== undefined &&
    linksOf(subject).some(({ type, operator }) => type === 'LogicalExpression' && operator === '??')
  );
}
