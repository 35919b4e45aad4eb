import type { Translated } from './languages.ts';

/** Words of the customer display. */
interface CustomerStrings {
  readonly title: string;
}

export const CUSTOMER_STRINGS: Translated<CustomerStrings> = {
  zh: { title: '' },
  en: { title: '' },
};
