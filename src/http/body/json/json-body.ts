import { Faults } from '../../../problems/faults.js';
import { invalidBody } from './json.problems.js';
import { scanJson } from './json-scanner.js';

/**
 * A JSON body on its way to the ValidationPipe. Its value is private, since Nest would delete members named `constructor`
 * and `prototype` from a plain object.
 */
export class JsonBody {
  readonly #value: unknown;
  readonly #faults: Faults;
  readonly #text: string;

  /** `names`: the names of the document's members, set only if it has too many values to be parsed; `faults` says so. */
  constructor(
    value: unknown,
    faults: Faults,
    text: string,
    readonly names?: Set<string>,
  ) {
    this.#value = value;
    this.#faults = faults;
    this.#text = text;
  }

  get value(): unknown {
    return this.#value;
  }

  /** Faults that only the text shows: numbers that don't fit a double, U+0000, lone surrogates, `__proto__`. */
  get faults(): Faults {
    return this.#faults;
  }

  /** The faults, each with the position of its value, if that is in the text. */
  located(faults: Faults): Faults {
    const pointers = faults.listed.flatMap((fault) => ('pointer' in fault ? [fault.pointer] : []));
    const { places } = scanJson(this.#text, pointers);
    return faults.mapped((listed) =>
      listed.map((fault) => {
        const position = 'pointer' in fault ? places.get(fault.pointer) : undefined;
        return position === undefined ? fault : { ...fault, position: fault.position ?? position };
      }),
    );
  }
}

/** The JSON body of a request. Problem: invalidBody (400) if it has none. */
export function sentJson(body: unknown): JsonBody {
  if (body instanceof JsonBody) return body;
  throw invalidBody([{ pointer: '', rule: 'required', detail: 'The request has no body. Send a JSON body.' }]);
}
