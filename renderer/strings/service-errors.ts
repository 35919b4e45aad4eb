import type { ServiceError } from './errors.ts';

/** What the command line and the service page have to say; the English words come with the answer. */
export const SERVICE_ERRORS_ZH: Readonly<Record<ServiceError, string>> = {
  usage: '命令无法识别，请查看 --help。',
  settings_unreadable: '设置文件不是可读的 JSON。',
  settings_invalid: '设置内容不正确，请按提示修改。',
  identity_changed:
    '本数据目录在另一个收单方或终端号下还有欠下的操作或待处理的订单。请恢复原来的设置，运行 `redress work --until-idle` 并处理完毕；或换用另一个 --data 目录。',
  key_file_invalid:
    '密钥文件必须是 JSON，例如 { "terminalKey": "…" }，激活时是 { "vendorKey": "…" }，使用密钥对的协议是 { "privateKey": "…", "publicKey": "…" }，不能有其他内容。',
  not_configured: '本终端尚未设置。请在设置页填写，或运行 `redress init --config FILE`。',
  not_activated:
    '本终端还没有密钥。协议为 upay 时请在设置页激活，或运行 `redress activate --code CODE --key-file FILE`；已有密钥时用 `redress init --config FILE --key-file FILE` 放入。',
  already_activated:
    '本终端已经激活，再次激活会换掉终端号。确实需要时，请先关闭程序，再运行 `redress activate --replace`。',
  activation_refused: '收单方拒绝激活。请索取新的激活码，并核对服务商设置。',
  activation_unanswered: '收单方没有给出可读的答复，激活码可能已被使用。再试之前请向收单方确认。',
  provisioning_invalid: '预置文件不正确。请改正后重试；等待中的收银程序会自动重试。',
  secrets_sealed:
    '本终端的密钥由收银程序加密保存，只有它能使用。请用 `redress-kiosk --cli COMMAND` 运行命令。',
  secrets_unprotected:
    '本系统没有能保护终端密钥的密钥库。请设置系统密钥环后重新登录，或改用 `redress serve` 和浏览器。',
  activation_unknown:
    '本终端的协议没有激活这一步。请用 `redress init --config FILE --key-file FILE` 放入密钥。',
  checkin_unknown:
    '本终端的协议没有签到，密钥不会自动更换。请用 `redress init --config FILE --key-file FILE` 更换。',
  checkin_refused: '签到失败。请先检查网络，再核对终端号和密钥；若都正确，请重新激活。',
  terminal_in_use: '另一个 Redress 进程正在使用这个数据目录。请先关闭它。',
  data_newer: '账本由更新版本的 Redress 写成，文件没有改动。请更新本机程序。',
  journal_broken: '日志校验不通过。请保留文件并联系技术支持。',
  diagnostics_file_invalid: '诊断文件只能写成已有文件夹里的新文件，或覆盖以前的诊断文件。',
  diagnostics_unwritable: '诊断文件写不进去。请换个位置，或先腾出空间。',
  diagnostics_part_missing: '这部分诊断耗时太久或内容太大，已略过。',
  port_in_use: '端口已被占用，请用 --port 另选一个。',
  runtime_too_old: 'Redress 需要 Node 22 或更高版本。请通过 npm 启动，它自带 Node。',
};
