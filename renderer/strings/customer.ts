import type { Translated } from './languages.ts';

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

export const CUSTOMER_STRINGS: Translated<CustomerStrings> = {
  zh: {
    title: 'Redress 顾客屏',
    headlines: {
      idle: '欢迎光临',
      moment: '请稍候',
      amount: '应付金额',
      wait: '请稍候',
      paid: '已付款，谢谢',
      not_charged: '没有扣款',
      reversing: '不会扣款',
      revoking: '正在退款',
      revoked: '已退款',
      staff: '请咨询店员',
    },
    sentences: {
      idle: '您的付款将显示在这里。',
      moment: '马上就好。',
      amount: '请出示付款码',
      wait: '如手机有提示，请在手机上确认。',
      paid: '付款成功。',
      not_charged: '本笔订单没有扣款。',
      reversing: '如果款项已从手机扣出，正在退回给您。',
      revoking: '款项正在退回给您。',
      revoked: '款项已退回给您。',
      staff: '店员会为您处理这笔付款。',
    },
    order: '订单号',
    acquirerNumber: '支付单号',
    takePhoto: '请拍照保存本页。',
  },
  en: {
    title: 'Redress customer display',
    headlines: {
      idle: 'Welcome',
      moment: 'One moment please',
      amount: 'To pay',
      wait: 'Please wait',
      paid: 'Paid, thank you',
      not_charged: 'Not charged',
      reversing: 'You will not be charged',
      revoking: 'Refund on its way',
      revoked: 'Refunded',
      staff: 'Please ask our staff',
    },
    sentences: {
      idle: 'Your payment will be shown here.',
      moment: 'We will be right with you.',
      amount: 'Show your payment code',
      wait: 'If your phone asks you, confirm there.',
      paid: 'Your payment has arrived.',
      not_charged: 'Nothing was charged for this order.',
      reversing: 'If money has left your account, a refund is on its way.',
      revoking: 'Your money is on its way back to you.',
      revoked: 'Your money has been returned.',
      staff: 'They will sort out this payment with you.',
    },
    order: 'Order number',
    acquirerNumber: 'Payment number',
    takePhoto: 'Take a photo of this screen.',
  },
};
