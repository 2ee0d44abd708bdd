import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../config/config.js';
import { AnswerCounts } from '../contract/answer-counts.js';
import { CONTRACT, type Contract } from '../contract/contract.js';
import { Watch } from '../contract/watch.js';
import { Database } from '../database/database.js';
import { Gatherer } from '../database/gatherer.js';
import { poolOf } from '../database/postgres/postgres-client.js';
import { spaceOf } from '../database/sqlite/disk-space.js';
import { FEED_HEAD, FEED_PAGES, TimedQueries } from '../database/timed-queries.js';
import { Readiness } from '../health/readiness.js';
import { ConnectionLimit } from '../http/load/connection-limit.js';
import { Following } from '../http/load/following.js';
import { Overload } from '../http/load/overload.js';
import { Refusals } from '../http/load/refusals.js';
import { AnswersUnderWay } from '../http/wire/answers-under-way.js';
import { FeedHead } from '../items/changes/feed-head.js';
import { ItemsWriter } from '../items/items.writer.js';
import { ItemsRepository } from '../items/store/items.repository.js';
import { RateCheck } from '../rate-limits/rate-check.js';
import { RefusedCredentials } from '../rate-limits/refused-credentials.js';
import { droppedLines, LOGGER } from '../telemetry/logger.js';
import { Exposition, OPEN_METRICS, PROMETHEUS, type Format } from './exposition.js';
import type { Family } from './family.js';
import { backupFamilies, LastBackup, type NotedBackup } from './last-backup.js';
import { feedFamilies, loadFamilies } from './load-families.js';
import { lossFamilies, processFamilies } from './process-families.js';
import { requestFamilies } from './request-families.js';
import { fileFamilies, groupFamilies, poolFamilies, type FileSizes } from './store-families.js';

/** How long a scrape waits to hear from the database, in milliseconds. Without an answer the service is not ready. */
const DATABASE_MS = 500;

/** What must be asked for before the families are read. */
interface Found {
  isReady: boolean;
  sizes: FileSizes;
  backup?: NotedBackup | undefined;
}

/** All that the service counts and measures. Scrapes that come while one is made share the next. */
@Injectable()
export class Metrics {
  /** Of the latest scrape. */
  private found: Found = { isReady: false, sizes: {} };
  private readonly scrapes: Record<Format, Gatherer<void, Buffer>>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CONTRACT) private readonly contract: Contract,
    private readonly answers: AnswerCounts,
    private readonly watch: Watch,
    private readonly underWay: AnswersUnderWay,
    private readonly connections: ConnectionLimit,
    private readonly overload: Overload,
    private readonly refusals: Refusals,
    private readonly following: Following,
    private readonly rates: RateCheck,
    private readonly credentials: RefusedCredentials,
    private readonly database: Database,
    private readonly lists: TimedQueries,
    @Inject(FEED_PAGES) private readonly pages: TimedQueries,
    @Inject(FEED_HEAD) private readonly headPages: TimedQueries,
    private readonly repository: ItemsRepository,
    private readonly writer: ItemsWriter,
    private readonly head: FeedHead,
    private readonly readiness: Readiness,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly lastBackup: LastBackup,
  ) {
    const families = this.families();
    this.scrapes = {
      [PROMETHEUS]: this.inFormat(families, PROMETHEUS),
      [OPEN_METRICS]: this.inFormat(families, OPEN_METRICS),
    };
  }

  /** All families, in the order in which they are shown. */
  families(): Family[] {
    const { config, contract, answers, watch, overload, refusals, lists, rates, credentials, repository, writer } =
      this;
    const { whole } = this.underWay;
    const { engine } = config.database;
    const groups = { reads: repository.counts, writes: writer.counts, lists: lists.counts, changes: this.pages.counts };
    return [
      ...requestFamilies(answers, watch, whole),
      ...loadFamilies({ config, whole, overload, refusals, lists, rates, credentials }),
      ...feedFamilies(config, this.following, this.head),
      ...groupFamilies(groups),
      ...backupFamilies(() => this.found.backup),
      ...(engine === 'sqlite' ? fileFamilies(() => this.found.sizes) : poolFamilies(() => this.pools())),
      ...processFamilies(contract.version, engine, () => this.found.isReady),
      ...lossFamilies(this.connections, () => droppedLines(this.logger)),
    ];
  }

  /** All metrics in a format, as they are after this call. */
  scrape(format: Format): Promise<Buffer> {
    return this.scrapes[format].call();
  }

  private inFormat(families: Family[], format: Format): Gatherer<void, Buffer> {
    const exposition = new Exposition(families, format);
    const run = async (calls: void[]) => {
      this.found = await this.find();
      const text: Buffer = Buffer.from(await exposition.write());
      return calls.map(() => text);
    };
    return new Gatherer({ run }, { maxCalls: Infinity, maxBytes: Infinity, maxGroupsInFlight: 1 });
  }

  private async find(): Promise<Found> {
    const { file } = this.database;
    const answer = this.readiness.check().then(() => true);
    const [isReady, sizes, space] = await Promise.all([inTime(answer, false), file?.sizes(), spaceOf(file?.path)]);
    // What was there before does not go away while the database can't be asked.
    const { backup: before } = this.found;
    const backup = isReady ? await inTime(this.lastBackup.find(), before) : before;
    return { isReady, backup, sizes: { ...sizes, free: space?.free } };
  }

  private pools(): [name: string, pool: Pool][] {
    const { writer, reader } = this.database;
    const named: [string, Pool | undefined][] = [
      ['writer', writer.isInitialized ? poolOf(writer) : undefined],
      ['reader', reader.isInitialized ? poolOf(reader) : undefined],
      ['lists', this.lists.pool],
      ['changes', this.pages.pool],
      ['followers', this.headPages.pool],
    ];
    return named.filter((one): one is [string, Pool] => one[1] !== undefined);
  }
}

/** What the database answers; `otherwise` if it fails, or has not answered in time. */
async function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), DATABASE_MS);
  });
  const found = await Promise.race([answer.catch(() => otherwise), late]);
  clearTimeout(timer);
  return found;
}
