// The usual recipe of tutorials: Nest on Express, a ValidationPipe, TypeORM's repository and sqlite3 with default settings.
// The only difference: it fills its table before it listens.
import 'reflect-metadata';
import {
  Body,
  ConflictException,
  Controller,
  Get,
  Module,
  NotFoundException,
  Param,
  Post,
  Put,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { IsArray, IsObject, IsOptional, IsString, Length } from 'class-validator';
import { Column, Entity, PrimaryColumn, type Repository } from 'typeorm';
import { CONTENT, idOf, STORED } from './load.js';

@Entity('items')
class Item {
  @PrimaryColumn()
  id!: string;

  @Column()
  name!: string;

  @Column({ type: 'varchar', nullable: true })
  description?: string;

  @Column('simple-json')
  tags!: string[];

  @Column('simple-json')
  attributes!: Record<string, unknown>;
}

class ContentDto {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsString()
  @Length(0, 2000)
  description?: string;

  @IsArray()
  @IsString({ each: true })
  tags!: string[];

  @IsObject()
  attributes!: Record<string, unknown>;
}

class CreateItemDto extends ContentDto {
  @IsString()
  @Length(1, 128)
  id!: string;
}

@Controller('items')
class ItemsController {
  constructor(@InjectRepository(Item) private readonly items: Repository<Item>) {}

  @Get(':id')
  async get(@Param('id') id: string): Promise<Item> {
    const item = await this.items.findOneBy({ id });
    if (!item) throw new NotFoundException();
    return item;
  }

  @Post()
  async create(@Body() dto: CreateItemDto): Promise<Item> {
    if (await this.items.existsBy({ id: dto.id })) throw new ConflictException();
    return this.items.save(dto);
  }

  @Put(':id')
  async replace(@Param('id') id: string, @Body() dto: ContentDto): Promise<Item> {
    const item = await this.items.findOneBy({ id });
    if (!item) throw new NotFoundException();
    return this.items.save(this.items.merge(item, dto));
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'sqlite', database: 'recipe.sqlite', entities: [Item], synchronize: true }),
    TypeOrmModule.forFeature([Item]),
  ],
  controllers: [ItemsController],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
const stored = Array.from({ length: STORED }, (_, index) => ({ id: idOf(index), ...CONTENT }));
await app.get<Repository<Item>>(getRepositoryToken(Item)).save(stored, { chunk: 500 });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
