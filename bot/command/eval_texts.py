"""What `niangjia eval` says to the person who measures."""

RETRIEVAL = {
    "help": "衡量找法条：标准答案排在第几，同时和 BM25、单用编码器、china-law-mcp 比",
    "help_file": "输入文件，每行一个 JSON，含 id、question、gold（[{law, article}]），可以有 topic；- 表示标准输入",
    "not_gold": 'gold 要是 [{{"law": 法律全名, "article": 条号}}]，条号写数字或「第…条」',
    "nothing": "文件里没有带标准答案（gold）的问题，没有什么可以衡量。",
    "counted": "问题 {total} 个，其中有标准答案的 {scored} 个，下面只算这些。",
    "head": "找法的办法",
    "niangjia": "娘家人",
    "bm25": "单用 BM25",
    "encoder": "单用编码器",
    "china_law_mcp": "china-law-mcp",
    "milliseconds": "中位毫秒",
    "peer_missing": "没有装 {package}（或它要用的包），这一次没有和它比。",
    "peers_begin": "正在准备用来比的几种办法（第一次要一两分钟）……",
    "outcomes": "娘家人怎么答的：",
    "topics": "按话题（娘家人）：",
    "no_topic": "（没写话题）",
    "misses": "前五条里没有标准答案的（{count} 个；编号、排第几、怎么答的、标准答案、排在最前的）：",
    "nowhere": "前十没有",
    "place": "第 {rank}",
}

SCOPE = {
    "help": "衡量分寸：不归这里管的该婉拒，归这里管的不该推走（走整个对话，用完即删）",
    "help_file": "输入文件，每行一个 JSON，含 id、question、topic、ours（true 归这里管，false 不归）；不写就用自带的 500 句；- 表示标准输入",
    "not_ours": "ours 要写 true 或 false",
    "outside": "不归这里管的 {n} 句，婉拒并说了能帮什么的 {right} 句（{share:.1%}）",
    "inside": "归这里管的 {n} 句，被推走的 {wrong} 句（{share:.1%}）",
    "manners": "怎么回的（不归这里管的、归这里管的）：",
    "answered": "回答",
    "asked_back": "列出几个问题请对方点",
    "turned_away": "婉拒，说了能帮什么",
    "small_talk": "客套，没说能帮什么",
    "served": "办事或转人工",
    "cared_for": "筛查先回了关怀的话，没有回答",
    "topics": "按话题，不对的句数：",
    "misses": "不对的：",
}

ANSWERS = {
    "help": "衡量回答：该说的数字、期限、找谁说了没有，不该说的说了没有",
    "help_file": "输入文件，每行一个 JSON，含 id、topic、question、must、must_not（都是正则表达式的列表），可以有 entry（应当由哪条回答）；"
    "不写就用自带的 100 题；- 表示标准输入",
    "not_patterns": "{field} 要是文字的列表，每个都是能用的正则表达式",
    "headline": "{n} 题：直接答对 {at_once} 题，点一个按钮后答对 {after_button} 题，点“都不是”再点一个后答对 {after_none} 题，合计 {stated:.1%}；直接回答的 {answered} 题里答对 {precision}",
    "verdicts": "怎么样的：",
    "at_once": "直接答对",
    "after_button": "点一个按钮后答对",
    "after_none": "点“都不是”再点一个后答对",
    "wrong": "直接回答，但没说全或说错",
    "asked_beside": "反问，但按钮里没有对的",
    "refused": "没有回答",
    "topics": "按话题（答对／题数）：",
    "misses": "没答对的（编号、怎样、怪谁、由哪条回答、少说了什么、说错了什么）：",
    "finding": "怪查找",
    "entry": "怪条目",
}
