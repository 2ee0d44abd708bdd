/**
 * Plugin of oxlint. Its rule refuses assertions that pass without a subject: `answer?.expect(200)`, which then does not run,
 * and `expect(answer?.text).not.toBe('')` and the like, which hold for undefined.
 */
export default {
  meta: { name: 'certain-assertions' },
  rules: {
    'no-optional-subject': {
      create: (context) => ({
        ChainExpression(node) {
          const message = messageTo(node);
          if (message) context.report({ node, message });
        },
      }),
    },
  },
};

function messageTo(chain) {
  const links = linksOf(chain.expression);
  const assertion = links.findIndex(isAssertion);
  const isSkipped = assertion >= 0 && links.slice(assertion).some(({ optional }) => optional);
  if (isSkipped) return 'This assertion does not run if its subject is missing.';
  if (holdsForNothing(chain)) return 'This assertion holds if its subject is missing.';
  return undefined;
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
  const call = chain.parent;
  const isSubject = isAssertion(call) && call.arguments[0] === chain;
  return isSubject && ['not', 'toBeUndefined', 'toBeFalsy'].includes(call.parent.property?.name);
}
