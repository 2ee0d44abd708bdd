import { Faults } from '../../../problems/faults.js';
import { invalidBody } from './json.problems.js';
import { scanJson } from './json-scanner.js';

/** The text of a JSON document, and where it begins in the body of the request, in UTF-16 units. */
export interface JsonSource {
  readonly text: string;
  readonly start: number;
}

/**
 * A JSON body on its way to the ValidationPipe. Its value is private, since Nest would delete members named `constructor`
 * and `prototype` from a plain object.
 */
export class JsonBody {
  readonly #value: unknown;
  readonly #faults: Faults;
  readonly #source: JsonSource;

  /** `names`: the names of the document's members, set only if it has too many values to be parsed; `faults` says so. */
  constructor(
    value: unknown,
    faults: Faults,
    source: JsonSource,
    readonly names?: Set<string>,
  ) {
    this.#value = value;
    this.#faults = faults;
    this.#source = source;
  }

  get value(): unknown {
    return this.#value;
  }

  /** Faults that only the text shows: numbers that don't fit a double, U+0000, lone surrogates, `__proto__`. */
  get faults(): Faults {
    return this.#faults;
  }

  get source(): JsonSource {
    return this.#source;
  }

  /** The faults, each with the position of its value, if that is in the text. */
  located(faults: Faults): Faults {
    const { text, start } = this.#source;
    const pointers = faults.listed.flatMap((fault) => ('pointer' in fault ? [fault.pointer] : []));
    const { places } = scanJson(text, pointers);
    return faults.mapped((listed) =>
      listed.map((fault) => {
        const position = 'pointer' in fault ? places.get(fault.pointer) : undefined;
        return position === undefined ? fault : { ...fault, position: fault.position ?? start + position };
      }),
    );
  }
}

/** The JSON body of a request. Problem: invalidBody (400) if it has none. */
export function sentJson(body: unknown): JsonBody {
  if (body instanceof JsonBody) return body;
  throw invalidBody([{ pointer: '', rule: 'required', detail: 'The request has no body. Send a JSON body.' }]);
}
