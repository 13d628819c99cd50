"""Words for the operator about the settings of WeChat and Telegram."""

WECHAT = {
    "api_base": "微信接口的地址。走代理或演练时才改。",
    "mp_base": "微信二维码图片的地址。走代理或演练时才改。",
    "picture_hosts": "允许去取图片的微信图片服务器。",
}
ACCOUNT = {
    "name": "账号的代号（小写字母、数字、减号）。回调地址是 /wechat/代号。",
    "kind": "service（服务号）或 subscription（订阅号）。",
    "verified": "是否已通过微信认证。没认证的账号只能被动回复。",
    "app_id": "公众平台「设置与开发」里的 AppID。",
    "app_secret": "公众平台「设置与开发」里的 AppSecret，请当密码保管。",
    "token": "服务器配置里的 Token。",
    "aes_key": "服务器配置里的 EncodingAESKey（43 个字符）。明文模式可以不填。",
    "mode": "消息加解密方式：plain（明文）、compatible（兼容）、safe（安全，推荐）。",
    "organisation": "这个账号属于哪个工会（写全称）。不填就是本安装的工会。",
    "notice": "超过时限发不出去时，用 template（模板消息）或 subscription（订阅通知）提醒职工；没有就留空。",
    "notice_template": "上面那种通知的模板编号。",
    "notice_field": "模板里放「您的办件有回复」这句话的字段名（如 thing1）。",
}
TELEGRAM = {
    "enabled": "是否开通 Telegram。境内工会依法不能用它处理个人信息（个人信息保护法第三十八至四十条），默认关闭。",
    "token": "BotFather 给的令牌，请当密码保管。",
    "mode": "webhook（Telegram 推过来，地址是 /telegram）或 polling（我们去取，不需要公网地址）。",
    "secret": "webhook 的口令，设置 webhook 时告诉 Telegram；只能用字母、数字、_ 和 -。",
    "api_base": "Telegram 接口的地址。走代理或演练时才改。",
    "forms": "是否允许在 Telegram 里填含个人信息的表（入会、回电等）。先问法律顾问。",
    "organisation": "属于哪个工会（写全称）。不填就是本安装的工会。",
}
PROBLEMS = {
    "bad_value": "{path} 的 [{table}] 里 {name} 的值不对（{why}）。说明：{help}",
    "unknown": "{path} 的 [{table}] 里 {name} 不认识。请对照 docs/settings.md 检查拼写，或删掉这一行。",
    "not_a_table": "{path} 里 {table} 要写成表（[{table}]）。",
    "not_a_list": "{path} 里公众号要写成 [[wechat.accounts]]，每个账号一段。",
    "missing": "{path} 的 [{table}] 还缺 {name}。说明：{help}",
    "same_name": "{path} 里有两个公众号都叫 {name}，请改成不同的代号。",
    "bad_name": "只能用小写字母、数字和减号，最多 40 个",
    "bad_aes_key": "要正好 43 个字母和数字",
    "bad_token": "要 3 到 32 个字母和数字",
    "bad_secret": "要 8 到 256 个字母、数字、_ 或 -",
    "bad_address": "要以 http:// 或 https:// 开头",
}
