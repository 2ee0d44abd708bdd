import { BODY_LIMITS } from '../../../contract/operation.js';
import { Faults } from '../../../problems/faults.js';
import { bodyTooLarge } from '../body.problems.js';
import { JsonBody, type JsonSource } from './json-body.js';
import { faultsIn, tooMany } from './json-reader.js';
import { countJson, scanJson } from './json-scanner.js';

/** Separators between values and names. */
const SEPARATOR = /[,:[{]/g;

/** Values within a JSON body, each read as if it were the body of a request. */
export class JsonParts {
  private starts: Map<string, number> | undefined;
  private readonly isPlain: boolean;

  /** `pointers`: of the parts. */
  constructor(
    private readonly whole: JsonBody,
    private readonly pointers: string[],
  ) {
    const { text } = whole.source;
    // What is small and without faults as a whole is so in each part.
    this.isPlain =
      whole.faults.count === 0 &&
      (3 * text.length <= BODY_LIMITS.bytes || Buffer.byteLength(text) <= BODY_LIMITS.bytes) &&
      (text.length < 2 * BODY_LIMITS.values || (text.match(SEPARATOR)?.length ?? 0) < BODY_LIMITS.values);
  }

  /**
   * The part at a pointer, whose value is that of the whole there. Pointers of its faults begin in it, their positions in the whole.
   * Problem: bodyTooLarge (413), as if it had been sent alone.
   */
  async read(pointer: string, value: unknown): Promise<JsonBody> {
    if (this.isPlain) return new JsonBody(value, new Faults(), new LazySource(() => this.sourceOf(pointer)));
    const { text: rest, start } = this.sourceOf(pointer);
    const { scan, names } = await countJson(rest);
    const text = rest.slice(0, scan.brokenAt).trimEnd();
    if (Buffer.byteLength(text) > BODY_LIMITS.bytes) throw bodyTooLarge(BODY_LIMITS.bytes);
    const source = { text, start };
    const isLong = scan.count > BODY_LIMITS.values;
    const faults = isLong ? tooMany(scan.count, BODY_LIMITS.values) : faultsIn(text);
    const placed = faults.mapped((listed) =>
      listed.map((fault) => ({
        ...fault,
        position: fault.position === undefined ? undefined : start + fault.position,
      })),
    );
    return isLong ? new JsonBody(undefined, placed, source, names) : new JsonBody(value, placed, source);
  }

  /** The text of a part, as it stands in the whole. */
  textOf(pointer: string): string {
    const { text } = this.sourceOf(pointer);
    return text.slice(0, scanJson(text).brokenAt).trimEnd();
  }

  /** The whole from where a part begins. Whatever reads it stops behind the part: nothing else can stand there. */
  private sourceOf(pointer: string): JsonSource {
    const { text } = this.whole.source;
    this.starts ??= scanJson(text, this.pointers).places;
    const start = this.starts.get(pointer)!;
    return { text: text.slice(start), start };
  }
}

/** Is found when it is looked at, which only faults need. */
class LazySource implements JsonSource {
  private found: JsonSource | undefined;

  constructor(private readonly find: () => JsonSource) {}

  get text(): string {
    return (this.found ??= this.find()).text;
  }

  get start(): number {
    return (this.found ??= this.find()).start;
  }
}
