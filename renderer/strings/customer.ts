import type { Bilingual } from './languages.ts';

/** What the customer display can say. */
export const CUSTOMER_VIEWS = [
  'idle',
  'moment',
  'amount',
  'wait',
  'paid',
  'not_charged',
  'reversing',
  'revoking',
  'revoked',
  'staff',
] as const;
export type CustomerView = (typeof CUSTOMER_VIEWS)[number];

/** Words of the customer display: plain, whole and never about the inside of the terminal. */
interface CustomerStrings {
  /** Names the window, so that a window manager can send it to the second screen. */
  readonly title: string;
  readonly headlines: Readonly<Record<CustomerView, string>>;
  readonly sentences: Readonly<Record<CustomerView, string>>;
  readonly order: string;
  readonly acquirerNumber: string;
  readonly takePhoto: string;
}

export const CUSTOMER_STRINGS: Bilingual<CustomerStrings> = {
  title: ['Redress 顾客屏', 'Redress customer display'],
  headlines: {
    idle: ['欢迎光临', 'Welcome'],
    moment: ['请稍候', 'One moment please'],
    amount: ['应付金额', 'To pay'],
    wait: ['请稍候', 'Please wait'],
    paid: ['已付款，谢谢', 'Paid, thank you'],
    not_charged: ['没有扣款', 'Not charged'],
    reversing: ['不会扣款', 'You will not be charged'],
    revoking: ['正在退款', 'Refund on its way'],
    revoked: ['已退款', 'Refunded'],
    staff: ['请咨询店员', 'Please ask our staff'],
  },
  sentences: {
    idle: ['您的付款将显示在这里。', 'Your payment will be shown here.'],
    moment: ['马上就好。', 'We will be right with you.'],
    amount: ['请出示付款码', 'Show your payment code'],
    wait: ['如手机有提示，请在手机上确认。', 'If your phone asks you, confirm there.'],
    paid: ['付款成功。', 'Your payment has arrived.'],
    not_charged: ['本笔订单没有扣款。', 'Nothing was charged for this order.'],
    reversing: [
      '如果款项已从手机扣出，正在退回给您。',
      'If money has left your account, a refund is on its way.',
    ],
    revoking: ['款项正在退回给您。', 'Your money is on its way back to you.'],
    revoked: ['款项已退回给您。', 'Your money has been returned.'],
    staff: ['店员会为您处理这笔付款。', 'They will sort out this payment with you.'],
  },
  order: ['订单号', 'Order number'],
  acquirerNumber: ['支付单号', 'Payment number'],
  takePhoto: ['请拍照保存本页。', 'Take a photo of this screen.'],
};
