"""Everything in Chinese that reading and keeping imported statutes needs: what law texts say, and what operators read."""

from typing import Final

# Files that cannot be read at all; each is one sentence.
REFUSED: Final = {
    "no_file": "读不了文件 {name}（{why}）。",
    "kind": "{name} 不是能导入的文件：只收 .jsonl、.docx、.txt、.md。PDF、图片和 .doc 请先另存为 .docx 或文本。",
    "large": "{name} 太大（超过 {megabytes} MB），不像是法规文本，没有导入。",
    "empty": "{name} 是空的。",
    "encoding": "{name} 的编码认不出来。请用记事本打开，另存为 UTF-8 再导入。",
    "json": "{name} 第 {line} 行不是 JSON，文件可能不完整，没有导入。",
    "json_long": "{name} 第 {line} 行太长（超过 {megabytes} MB），没有导入。",
    "json_object": "{name} 第 {line} 行不是一个 JSON 对象，没有导入。",
    "old_word": "{name} 是旧格式的 Word 文件，或者加了密码。请在 Word 里去掉密码、另存为 .docx 再导入。",
    "zip": "{name} 打不开：不是完整的 .docx 文件。",
    "zip_bomb": "{name} 解开后大得不正常，没有导入。",
    "xml": "{name} 里面的内容不完整或不合规矩（XML），没有导入。",
    "numbered": "{name} 的条号是 Word 自动编的号，文字里没有。请在 Word 里另存为“纯文本 (.txt)”，选 UTF-8，再导入。",
    "no_articles": "{name} 里没有找到“第一条”或“一、”，也不像没有条号的复函，没有导入。",
    "no_title": "{name} 里没有找到法规的名称。请在文件开头加一行“标题：……”。",
    "bad_setting": "{name} 开头的“{setting}：{value}”看不懂，日期请写成 2020-09-24。",
    "twice": "{name} 里的《{law}》{article_no}出现了两次，文字不一样，没有导入。",
    "no_date": "{name} 里没有找到《{law}》是哪天通过或公布的。请在文件开头加一行“版本日期：2020-09-24”。",
}

# Lines of a JSON Lines file that are left out, with their law.
LINE: Final = {
    "field": "缺少“{field}”，或者它不是文字",
    "empty": "条文是空的",
    "long": "条文太长（超过 {most} 字）",
    "number": "“{value}”不是条号",
    "date": "“{field}”的日期看不懂：{value}",
    "foreign": "“{field}”里有控制字符或乱码",
    "key": "名称里有不能用的符号",
    "twice": "{article_no}已经有过，文字不一样",
    "dates_differ": "“{field}”和同一部法规别的行不一样",
    "shown": "第 {line} 行：{why}",
    "law_left_out": "《{law}》（{day}）有读不了的行，整部没有导入",
}

# What an import would change.
PLAN: Final = {
    "new_law": "新增法规：《{law}》（{day} 版本，{count} 条，{status}）",
    "new_version": "新增版本：《{law}》（{day} 版本，{count} 条，{status}）",
    "filled": "补上原文：《{law}》（{day} 版本，{count} 条，{status}），原来只有名称",
    "completed": "补上条文：《{law}》（{day} 版本）{numbers}",
    "replaced": "换掉以前导入的：《{law}》（{day} 版本）",
    "against": "  和 {day} 版本比：改了 {changed} 条，新增 {added} 条，删去 {dropped} 条",
    "changed": "  改了：{numbers}",
    "added": "  新增：{numbers}",
    "dropped": "  删去：{numbers}",
    "unchanged": "没有变化：{count} 部（知识库里已经有，文字一样）",
    "differs_shipped": "文字不同：《{law}》（{day} 版本）{numbers}，和自带的文本不一样，以自带的为准，没有改动",
    "differs_imported": "文字不同：《{law}》（{day} 版本）{numbers}，和以前导入的不一样，没有改动；确实要换，请加 --replace",
    "date_differs": "日期不同：《{law}》（{day} 版本）{field}文件写 {theirs}，核对过的是 {ours}，用核对过的",
    "month_only": "日期不全：《{law}》的版本日期只到月，按当月最后一天算，不显示日子",
    "gap": "请核对：《{law}》（{day} 版本）条号不连续，缺 {numbers}",
    "refused": "没有收：{why}",
    "nothing": "没有要改的。",
    "total": "一共：新增法规 {new_laws} 部，新增版本 {new_versions} 个，补上原文 {filled} 部，条文 {articles} 条；没有收 {refused} 处。",
    "more": "{shown} 等 {count} 条",
    "passed_on": "通过日期",
    "effective_on": "施行日期",
    "repealed_on": "失效日期",
}
NOT_TAKEN: Final = {
    "no_effective": "《{law}》（{day}）没有施行日期。请补上（JSON 里的 effective_on，或文件开头的“施行日期：2020-10-01”）",
    "first_commencement": "《{law}》（{day}）的施行日期 {effective} 早于这个版本，像是首次施行的日子。请在文件里写明这个版本的施行日期",
    "ended_without_day": "《{law}》（{day}）标着“{status}”，却没有失效日期，也没有更新的版本",
    "order": "《{law}》（{day}）的失效日期早于施行日期",
    "twice": "《{law}》（{day}）在这些文件里有两份，文字不一样",
}
ENDED_WORDS: Final = ("已废止", "旧版本", "历史版本", "已失效", "失效", "废止")

SHELF: Final = {
    "broken": "导入的法规里有一个文件不见了或者被改过：{path}。请从备份里找回它，或者运行 niangjia knowledge rollback 退回以前的一次。",
    "meanwhile": "刚才别人也导入了法规。这一次没有动，请再运行一遍。",
    "no_such": "没有第 {number} 次导入。运行 niangjia knowledge history 看有哪些。",
}

# How law texts are written.
DATE_PATTERN: Final = r"([12][0-9]{3})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日"
CHINESE_DATE_PATTERN: Final = (
    r"([一二][〇○Ｏ零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
CHINESE_DIGITS: Final = "〇一二三四五六七八九"
ZEROS: Final = "○Ｏ零"
HEADING_LINE: Final = r"第[一二三四五六七八九十百]+(编|分编|章|节)\s*(.{0,40})"
HEADING_LEVELS: Final = {"编": 0, "分编": 1, "章": 2, "节": 3}
SUPPLEMENTARY: Final = r"附\s*则"
ARTICLE_LINE: Final = r"(第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)(\s*)(.*)"
# What follows the number of an article that is only referred to.
REFERENCE: Final = r"第[一二三四五六七八九十]+[款项]|规定的|所称|所列|所规定|的规定|、|(?:和|及|或|或者|至|到)第|中的|$"
ITEM_LINE: Final = r"([一二三四五六七八九十]{1,4})\s*、\s*(.*)"
ANNEX_LINE: Final = (
    r"(附(?:件|录|表))\s*([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})?\s*(?:[：:]\s*(.{0,60})|([^。；，]{0,40}))"
)
PREAMBLE_START: Final = ("（", "(")
CONTENTS_LINE: Final = r"目\s*录"
NUMBER_LINE: Final = r".{0,40}(?:〔[0-9]{4}〕|\[[0-9]{4}\]|（[0-9]{4}）|令?\s*第)\s*[0-9]+\s*号.{0,10}"
LETTERHEAD_ENDS: Final = ("文件", "公告", "令", "公报")
TITLE_ENDS: Final = r".*(?:法|条例|规定|办法|决定|解释|意见|通知|细则|规则|批复|复函|答复|函|解答|标准|方案|章程|指引|目录|要点|（[^）]{1,12}）)"
REVISED_WORDS: Final = ("修正", "修订", "修改")
PASSED_WORDS: Final = ("通过", "修正", "修订", "公布", "发布", "印发", "批准", "修改")
FROM_THAT_DAY: Final = r"自\s*{date}\s*起\s*(?:施行|实施|执行)"
ON_PUBLICATION: Final = r"自(?:公布|发布|印发|颁布)之日起(?:施行|实施|执行)"
SETTINGS: Final = {
    "标题": "law",
    "法规名称": "law",
    "版本日期": "version_date",
    "通过日期": "passed_on",
    "公布日期": "passed_on",
    "施行日期": "effective_on",
    "失效日期": "repealed_on",
    "文号": "number",
    "来源": "source",
    "类别": "kind",
    "部分失效": "part_repeal",
}
SETTING_LINE: Final = r"({names})\s*[：:]\s*(.+)"
PART_REPEAL: Final = r"(第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)((?:第[一二三四五六七八九十]+[款项])*)\s+([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s+(.+))?"
KINDS: Final = {
    "法律": "law",
    "行政法规": "regulation",
    "地方性法规": "regulation",
    "部门规章": "rule",
    "地方政府规章": "rule",
    "司法解释": "interpretation",
    "规范性文件": "document",
    "工会规范性文件": "union_rule",
}
KINDS_BY_TITLE: Final = (
    (r"中华人民共和国.*法", "law"),
    (r".*条例", "regulation"),
    (r"最高人民法院.*", "interpretation"),
    (r"(?:中华)?全国总工会.*", "union_rule"),
    (r".*(?:规定|办法|规则|细则)", "rule"),
)
CELLS: Final = "｜"
NOT_IN_KEYS: Final = "|\n\r\t"
