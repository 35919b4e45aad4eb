/**
 * The page for a browser without a session. It carries no data, no script and no style, because whoever
 * sees it has not shown the right to see anything.
 */
export const REFUSAL_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Redress: not allowed</title></head>
<body>
<h1>This page is not allowed to talk to the terminal</h1>
<p>The address was used already, or it is not the one that the terminal printed.
Each address opens the screen once. Start the terminal again: it prints a new one.</p>
<p lang="zh-CN">此地址已经用过，或者不是终端给出的地址。请重新启动终端，它会给出新地址。</p>
<p><code>not_allowed</code></p>
</body>
</html>
`;
