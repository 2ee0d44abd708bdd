// Keeps Swagger UI from rendering all of the page, in the browser, whenever a part of it changes: a key, a button, an answer.

/** A plugin: what did not change is not rendered again. */
globalThis.onlyWhatChanged = () => {
  const listed = { document: undefined, operations: undefined };
  return {
    statePlugins: {
      spec: {
        wrapSelectors: {
          // Swagger UI makes this list anew from all inputs and answers, so that every operation in it is another object than before.
          taggedOperations: (operations) => (state) => {
            const document = state.get('json');
            if (document !== listed.document) Object.assign(listed, { document, operations: operations() });
            return listed.operations;
          },
        },
      },
    },
    wrapComponents: {
      // Swagger UI hands the whole state to each text, and cleans the HTML of each in a document of its own.
      Markdown: (Markdown, { React }) => React.memo(Markdown, isSameText),
    },
  };
};

function isSameText(one, other) {
  return one.source === other.source && one.className === other.className;
}
