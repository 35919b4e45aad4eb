import { COLLECT_STRINGS } from './collect.ts';
import { COMMAND_STRINGS } from './commands.ts';
import { CUSTOMER_STRINGS } from './customer.ts';
import { ERROR_STRINGS } from './errors.ts';
import { IN_DOUBT_STRINGS } from './in-doubt.ts';
import type { Language } from './languages.ts';
import { ORDER_STRINGS } from './order.ts';
import { ORDERS_STRINGS } from './orders.ts';
import { SHELL_STRINGS } from './shell.ts';
import { TERMINAL_STRINGS } from './terminal.ts';

/** Every word on the screen, one table for each part of it. */
export type Strings = (typeof STRINGS)[Language];

export const STRINGS = { zh: tablesOf('zh'), en: tablesOf('en') };

function tablesOf(language: Language) {
  return {
    shell: SHELL_STRINGS[language],
    order: ORDER_STRINGS[language],
    errors: ERROR_STRINGS[language],
    collect: COLLECT_STRINGS[language],
    orders: ORDERS_STRINGS[language],
    inDoubt: IN_DOUBT_STRINGS[language],
    terminal: TERMINAL_STRINGS[language],
    customer: CUSTOMER_STRINGS[language],
    commands: COMMAND_STRINGS[language],
  };
}
