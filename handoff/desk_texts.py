"""What the desk itself says to workers around a takeover, and the words for times."""

from handoff.kinds import Flag

DESK = {
    "claimed": "我是工会的{name}，现在由我来和您说话，自动回复已经停了。您慢慢说，我在看。",
    "released": "{name}先和您说到这里，接下来由自动助手回答。想再找人，随时说「转人工」。",
    "released_with_brief": (
        "{name}先和您说到这里。{name}交代：{brief}接下来由自动助手回答，和{name}说的不一样的，以{name}说的为准。"
        "想再找人，随时说「转人工」。"
    ),
    "after_release": "（{name}和您说过的，以{name}说的为准。）",
    "said_before": "这个前面已经答过您了，往上翻就能看到。还有哪里不清楚，您接着问，或者说「转人工」。",
    "joined": "{name}也来了，和{holder}一起帮您看。",
    "referred": "您的事转给{department}继续办，已经说过的不用再说一遍。接手的同志会在这里回您。",
    "referred_up": "您的事转给上一级工会继续办，已经说过的不用再说一遍。接手的同志会在这里回您。",
    "taken_back": "{name}那边一直没有回上您，对不起。已经请别的同志来接，您说过的都在，不用再说一遍。",
    "silent_holder": "{name}这会儿没回上话，对不起让您等了。已经提醒{name}；再过十分钟还没有回，就请别的同志来接。",
    "closed": "{name}和您说到这里，这件事先办到这一步（{outcome}）。以后有事，随时在这里说。",
    "closed_gently": "{name}先和您说到这里。您随时可以在这里写，也可以写「转人工」找人。心里难受的时候，12356 有人听您说。",
    "sentence_ends": "。！？",
    "complains_of_you": "(?:投诉|举报|控告)(?:你|您)(?!们)",
    "titles": "主席|副主席|主任|副主任|部长|副部长|科长|书记|干事|处长|经理|主管|会长|老师",
    "people_pattern": "([0-9]{1,5}|[一二两三四五六七八九十百千]{1,6}|十几|几十|上百|几百|上千|几千)(?:多|来|余)?(?:个|名|位|口)?(?:人|工友|工人|兄弟|员工|职工|同事|骑手|司机|保安|保洁|老师|护士|姐妹)",
    "pair": "两=二",
    "rough_numbers": "十几=11 几十=20 上百=100 几百=200 上千=1000 几千=2000",
    "chain_end": "现在就可以打{phone}（{name}），全天有人接。",
    "seen_at": "工作日 {starts} 上班后",
    "today_at": "今天 {clock}",
    "tomorrow_at": "明天 {clock}",
    "weekday_at": "周{weekday} {clock}",
    "date_at": "{month}月{day}日 {clock}",
    "weekdays": "一二三四五六日",
    "go_on": "好的，您接着问，我照着法律条文回答您。您前面写的，值班同志还是会看。想找人，随时写「转人工」。",
    "go_on_asked": "接着问|我接着问|我要接着问",
    "asking": "？|?|吗|么|怎|咋|啥|什么|多少|多久|几|哪|想问|问下|问一下|请问|请教|呢|吧",
    # 「管不管」, and a question that ends in 不 or 没: 「能要回来不」.
    "asking_form": r"(.)不\1|[不没]\W*$",
    # What the other side refuses: whoever tells that of an accident or a wage dispute asks who is right.
    "disputing": "不赔|不认|不算|不管|不给|不报|不承认|不发|没给|不退|不还",
    # Behind the fixed words, where something may fit and nothing is sure; and where something is asked and nothing fits.
    "offered": (
        "同志来之前，您要是想先看看该怎么办，点下面一个就行，我照着法律条文说。都不是，就点「都不是」；这会儿不想看，也没关系。"
    ),
    "nothing_to_offer": (
        "您问的这一句，我这里没有现成的回答，等同志看了回您。工资、合同、社保、工伤、休假和工会的事，您随时写，我都能查。"
    ),
    "marks": " \t\r\n。，！.,!「」\"'“”",
}

# A worker's own words that ask for it; plain pieces, so that a cadre can extend them.
FLAG_WORDS = {
    Flag.NOT_THE_EMPLOYER: (
        "别告诉单位|不要告诉单位|别跟单位说|不要跟单位说|别联系单位|不要联系单位|别找我们单位|不要找我们单位|别让单位知道|不要让单位知道"
        "|别告诉公司|不要告诉公司|别联系公司|不要联系公司|别让公司知道|不要让公司知道|别让厂里知道|不要让厂里知道|别告诉厂里"
        "|别让老板知道|不要让老板知道|别告诉老板|不要告诉老板|怕单位知道|怕公司知道|怕老板知道|怕厂里知道"
    ),
    Flag.A_WOMAN: "女同志|女干部|女的工作人员|女工作人员|女的接待|女的跟我|女的和我|想找女的|找个女的|找个女的说|换个女的|女老师跟我",
    Flag.NEVER_HOME: (
        "别打家里|不要打家里|别往家里打|不要往家里打|别打我家|不要打我家|别告诉家里|不要告诉家里|别让家里知道|不要让家里知道"
        "|别告诉我家人|不要告诉我家人|别告诉我老公|不要告诉我老公|别让我老公知道|不要让我老公知道"
    ),
    Flag.NO_VOICEMAIL: "不要留言|别留言|不能留言|不可留言|别发短信|不要发短信",
}

# After «the cadres have been told»: how long it may take.
WAITING = {
    "ahead": "前面还有 {ahead} 位。",
    "first": "前面没有别人在等。",
    "minutes": "这个时段一般 {usual} 分钟左右有人接。",
    "minutes_and_long": "这个时段一般 {usual} 分钟左右有人接，慢的时候要 {long} 分钟。",
    "nobody": "最晚{seen_at}会有人看。这段时间您接着问，我照常回答；想让人打给您，写「约回电」。",
}
