import type { Translated } from './languages.ts';

/** Words of the Orders screen and of one order's own page. */
interface OrdersStrings {
  readonly title: string;
}

export const ORDERS_STRINGS: Translated<OrdersStrings> = {
  zh: { title: '' },
  en: { title: '' },
};
