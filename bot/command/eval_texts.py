"""What `niangjia eval` says to the person who measures."""

RETRIEVAL = {
    "help": "衡量找法条：标准答案排在第几，同时和 BM25、单用编码器、china-law-mcp 比",
    "help_file": "输入文件，每行一个 JSON，含 id、question、gold（[{law, article}]），可以有 topic；- 表示标准输入",
    "not_gold": "gold 要是 [{{\"law\": 法律全名, \"article\": 条号}}]，条号写数字或「第…条」",
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
