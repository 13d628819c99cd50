"""Words about the file of menu and welcome, for the operator who edits it."""

PROBLEMS = {
    "cannot_read": "{path} 读不了（{why}）。请检查文件权限和编码（UTF-8）。",
    "not_yaml": "{path} 不是合法的 YAML（第 {line} 行附近）。请检查缩进和引号。",
    "not_a_table": "{path} 的最外层要有 menu 和 welcome 两项，没有别的。",
    "menu_count": "{path}：菜单要有一到三组，现在是 {count} 组。",
    "button_count": "{path}：「{name}」下面要有一到五个按钮，现在是 {count} 个。",
    "bad_group": "{path}：第 {number} 组菜单要写 name 和 buttons，或者像按钮一样写 key 和 says，或 url；没有别的。",
    "bad_button": "{path}：「{group}」的第 {number} 个按钮要写 name、key、says，或者 name、url；没有别的，都要是文字。",
    "long_name": "{path}：菜单名「{name}」有 {bytes} 个字节，最多 {most} 个（一个汉字三个字节）。",
    "long_key": "{path}：按钮「{name}」的 key 有 {bytes} 个字节，最多 128 个。",
    "bad_url": "{path}：按钮「{name}」的 url 要以 https:// 开头，最多 1024 个字节。",
    "long_says": "{path}：按钮「{name}」的 says 不能空，最多 200 个字。",
    "same_key": "{path}：有两个按钮的 key 都是 {key}，请改成不同的。",
    "bad_welcome": "{path}：welcome 要写 heads（search、scene、poster、other 四句）、body 和 privacy，都要是文字。",
    "bad_place": "{path}：欢迎语里只能用 {{union}}、{{privacy}}，privacy 里只能用 {{address}}。单独的大括号请写两遍。",
    "long_welcome": "{path}：欢迎语（{source}）有 {bytes} 个字节，最多 600 个（一个汉字三个字节）。",
}
