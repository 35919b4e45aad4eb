import type { FaultName } from './faults.ts';

/** The amount's last two digits, the fault they choose, and what the person practising will see. */
interface MagicAmount {
  readonly ending: string;
  readonly fault: FaultName;
  readonly description: string;
}

/**
 * Amounts that practise a fault, by the last two digits of the amount in minor units: 12.12 ends in
 * `12`. Every other ending behaves normally.
 */
export const MAGIC_AMOUNTS: readonly MagicAmount[] = [
  {
    ending: '11',
    fault: 'reply_lost_after_charging',
    description: 'The customer is charged and the connection breaks; asking finds the payment.',
  },
  {
    ending: '12',
    fault: 'line_dead_after_charging',
    description: 'The customer is charged and the line goes dead; only a cancel gets through, and it works.',
  },
  {
    ending: '13',
    fault: 'request_lost',
    description: 'The payment never arrives; asking finds no such order.',
  },
  {
    ending: '14',
    fault: 'pending_then_paid',
    description: 'The customer confirms on the phone after about five seconds.',
  },
  {
    ending: '15',
    fault: 'pending_for_ever',
    description: 'The customer never confirms on the phone; a cancel ends it.',
  },
  { ending: '16', fault: 'declined', description: 'The wallet declines for lack of money.' },
  { ending: '17', fault: 'http_500', description: 'An error page comes back and nothing was done.' },
  {
    ending: '18',
    fault: 'envelope_500',
    description: 'The customer is charged, yet the answer says that the system failed.',
  },
  {
    ending: '19',
    fault: 'garbled_body',
    description: 'The customer is charged and the answer cannot be read.',
  },
  {
    ending: '20',
    fault: 'oversize_body',
    description: 'The customer is charged and the answer is far too long.',
  },
  { ending: '21', fault: 'slow', description: 'The payment succeeds, but the answer takes eight seconds.' },
  {
    ending: '22',
    fault: 'cancel_refused',
    description: 'The payment succeeds; a revoke is refused because of a campaign.',
  },
  {
    ending: '23',
    fault: 'cancel_refused_after_lost_reply',
    description: 'The customer is charged, the line goes dead and the cancel is refused: a person is needed.',
  },
  {
    ending: '24',
    fault: 'cancel_reply_lost',
    description: 'As 12, and the answer to the first cancel is lost; the second finds it done.',
  },
  {
    ending: '25',
    fault: 'cancel_in_progress',
    description: 'As 12, and the cancel needs about five seconds to be done.',
  },
  {
    ending: '26',
    fault: 'late_approval',
    description: 'Nobody knows the payment, and a minute later it lands after all; a later cancel works.',
  },
  {
    ending: '27',
    fault: 'key_rotated_after_charging',
    description: "As 12, and the terminal's key is changed, so that the first cancel is refused.",
  },
  {
    ending: '28',
    fault: 'cancel_unknown',
    description: 'As 12, and the first cancel ends with an unknown result; the second works.',
  },
  {
    ending: '29',
    fault: 'wrong_amount_echo',
    description: 'The payment succeeds, but the answers name one cent too much.',
  },
];

/** The fault an amount in minor units chooses, if any. */
export function magicFault(amountMinor: number): FaultName | undefined {
  const ending = String(amountMinor).padStart(2, '0').slice(-2);
  return MAGIC_AMOUNTS.find((magic) => magic.ending === ending)?.fault;
}
