import { COLLECT_STRINGS } from './collect.ts';
import { CUSTOMER_STRINGS } from './customer.ts';
import { ERROR_STRINGS } from './errors.ts';
import { IN_DOUBT_STRINGS } from './in-doubt.ts';
import { inLanguage, type Language } from './languages.ts';
import { ORDER_STRINGS } from './order.ts';
import { ORDERS_STRINGS } from './orders.ts';
import { SHELL_STRINGS } from './shell.ts';

/** Every word on the screen, one table for each part of it. */
export type Strings = (typeof STRINGS)[Language];

export const STRINGS = { zh: tablesOf('zh'), en: tablesOf('en') };

function tablesOf(language: Language) {
  return {
    shell: inLanguage(SHELL_STRINGS, language),
    order: inLanguage(ORDER_STRINGS, language),
    errors: ERROR_STRINGS[language],
    collect: inLanguage(COLLECT_STRINGS, language),
    orders: inLanguage(ORDERS_STRINGS, language),
    inDoubt: inLanguage(IN_DOUBT_STRINGS, language),
    customer: inLanguage(CUSTOMER_STRINGS, language),
  };
}
