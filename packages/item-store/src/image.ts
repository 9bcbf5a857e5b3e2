/** An item before or after a write: its text, and what is in it once somebody asks. */
import { type Item, itemSize } from '@stormglass/items';
import type { StoredItem } from './item-table.ts';

export class Image {
  readonly text: string;
  /** In bytes, as DynamoDB counts. */
  readonly size: number;
  #item: Item | undefined;

  static of(item: Item): Image {
    return new Image(JSON.stringify(item), itemSize(item), item);
  }

  static stored({ item, size }: Pick<StoredItem, 'item' | 'size'>): Image {
    return new Image(item, size);
  }

  /** Of a text that was stored beside the items. */
  static text(text: string): Image {
    const item = JSON.parse(text) as Item;
    return new Image(text, itemSize(item), item);
  }

  private constructor(text: string, size: number, item?: Item) {
    this.text = text;
    this.size = size;
    this.#item = item;
  }

  get item(): Item {
    this.#item ??= JSON.parse(this.text) as Item;
    return this.#item;
  }
}
