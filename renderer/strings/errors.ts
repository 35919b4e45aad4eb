import type { ErrorCode } from '../../shared/errors.ts';
import type { Language } from './languages.ts';

/** Said where no till is open: at the command line and on the service page, whose words are in `service-errors.ts`. */
export type ServiceError =
  | 'usage'
  | 'settings_unreadable'
  | 'settings_invalid'
  | 'identity_changed'
  | 'key_file_invalid'
  | 'not_configured'
  | 'not_activated'
  | 'already_activated'
  | 'activation_refused'
  | 'activation_unanswered'
  | 'provisioning_invalid'
  | 'secrets_sealed'
  | 'secrets_unprotected'
  | 'activation_unknown'
  | 'checkin_unknown'
  | 'checkin_refused'
  | 'terminal_in_use'
  | 'data_newer'
  | 'journal_broken'
  | 'diagnostics_file_invalid'
  | 'diagnostics_unwritable'
  | 'diagnostics_part_missing'
  | 'port_in_use'
  | 'runtime_too_old';
type ScreenError = Exclude<ErrorCode, ServiceError>;

const zh: Readonly<Record<ScreenError, string>> = {
  amount_missing: '请输入金额，例如 12.34。',
  amount_malformed: '金额格式不对，请输入例如 12.34。',
  amount_not_positive: '金额必须大于零。',
  amount_too_large: '金额超出钱包付款的上限，请分笔收款或改用转账。',
  code_missing: '请扫描顾客的付款码。',
  code_malformed: '付款码格式不对，请重新扫描。',
  code_scanned_twice: '这个付款码刚刚用过。请先查看上一笔订单。',
  sale_id_malformed: '销售单号最多 64 个可见字符。',
  sale_undecided: '这笔销售还有一笔付款没有结果，顾客可能已经被扣款。请等待，或明确选择仍然收款。',
  sale_already_paid:
    '这笔销售已由另一笔订单付款。请核对它的金额，再交付已付款的商品；另外的商品请用新的销售单号。',
  order_unknown: '本终端没有这个订单，请核对号码。',
  already_revoked: '这笔订单的款项已经退回。',
  being_revoked: '这笔订单的款项正在退回，请等待证明。',
  not_paid: '只有已付款的订单才能撤单或退款。',
  undecided: '这笔订单尚无结果，终端正在处理。',
  revoke_window_closed: '只能在付款当日撤单，现在请改用退款。',
  cancel_possible: '收单方现在仍可免费撤回这笔订单，不必退款：请撤单，或在“未决”里再次撤销。',
  needs_person: '这笔订单等待值班负责人，请先按证据处理。',
  nothing_owed: '这笔订单没有欠下的操作，无需重试。',
  not_in_doubt: '这笔订单已不在收款中，不能放弃。',
  not_in_attention: '这笔订单无需人工处理。',
  too_many_undecided: '未决付款太多，请先让终端处理完。',
  arguments_invalid: '请求的内容缺失、多余或格式不对。',
  acquirer_unreachable: '收单方没有答复。请检查网络和 apiDomain 设置。',
  data_read_only: '数据目录不可写，没有开始付款。',
  data_full: '磁盘已满，没有开始付款。请先清理空间。',
  data_corrupt: '账本文件已损坏，没有开始付款。请原样保留文件，恢复之前先联系技术支持。',
  data_unavailable: '数据目录无法使用，没有开始付款。',
  not_allowed: '本页面无权使用终端，请重新打开一次性地址。',
  not_practice: '本终端处理真实资金，只有练习模式才能选择故障。',
  call_unknown: '终端不认识这个请求。',
  stopping: '终端正在停止，没有开始新的操作。',
  bug: '终端遇到程序错误。欠下的操作都保存在磁盘上，请报告。',
};

/**
 * What a refused call has to say to a person; the code is the contract. The English words come with the
 * answer, from the terminal's own table, so none are repeated here.
 */
export const ERROR_STRINGS: Readonly<Record<Language, Readonly<Partial<Record<string, string>>>>> = {
  zh,
  en: {},
};
