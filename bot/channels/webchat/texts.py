"""What the chat page says. Words of the templates stand in the templates; these are used by code and by the scripts."""

COUNTRY = "中华人民共和国"

REFUSALS = {
    "not_json": "这条消息的格式不对，没有收下。请刷新页面再发一次。",
    "bad_id": "这条消息缺少编号，没有收下。请刷新页面再发一次。",
    "not_text": "这条消息里没有文字，没有收下。请写几个字再发。",
    "empty": "还没有写内容。请写几个字再发。",
    "unreadable_text": "这条消息里有看不懂的字符，没有收下。请删掉特殊字符再发。",
    "bad_choice": "这个按钮已经过时了。请直接写您想问的。",
    "broken_off": "这条消息没有传完。请再发一次。",
    "stale": "这次对话已经收起来了（12 小时没有用，或者已经结束）。您可以重新开始，刚写的字还在。",
    "no_article": "没有找到这一条的原文。",
    "too_long": "这条消息太长了（最多 20000 字）。请分成几条发。",
    "too_large": "这条消息太大了，没有收下。请分成几条发。",
    "not_a_form": "这个文件的格式不对，没有收下。请刷新页面再发一次。",
    "no_file": "没有收到文件。请重新选一次再发。",
    "file_too_large": "这个文件太大了，没有收下。图片请截一小块，视频请录短一点，再发一次。",
    "file_kind": "这种文件收不了，没有收下。可以发照片、语音、视频、PDF、Word 或 Excel；要紧的话请直接写在这里。",
    "file_not_kept": "文件没有存成，是我们这边出了问题，请过一会儿再发。要紧的话请直接写在这里；着急请打 12351。",
    "many_files": "您发得很快，这个先排着，过一会儿自己接着传，请先别关这一页。要紧的话可以直接写，马上就能收到；有危险打 110、120。",
    "many_talks": "从您这个网络刚开始的对话太多了，请过10分钟再点一次。着急请打 12351；有危险打 110、120。",
    "failed": "没有办成，是我们这边出了问题。请再试一次；着急请打 12351。编号 {reference}。",
    "busy": "现在有点忙，这条还没有收下。请稍等再发一次。",
    "getting_ready": "正在准备，请过一会儿再试。着急请打 12351；有危险打 110、120。",
    "full": "现在用的人太多，暂时连不上，页面会自己再试。着急请打 12351；有危险打 110、120。",
}

# Of a file that was not kept while the words beside it were: the page does not try it again by itself.
WORDS_KEPT = {
    "many_files": "您写的话收到了，文件这次没有收下。请过几分钟再发一次这个文件；有危险打 110、120。",
}

WEEKDAYS = "一二三四五六日"

QUICK_QUESTIONS = (
    "老板拖欠工资怎么办？",
    "被辞退了有没有补偿？",
    "上班受伤了怎么办？",
    "怎么加入工会？",
    "没签劳动合同怎么办？",
)

# Used until the installation has its own table: number, name, hours, purpose, how to dial.
HOTLINES = (
    ("110", "报警", "24 小时", "有人身危险、被打、被关、被威胁", "110"),
    ("120", "急救", "24 小时", "受伤、服药、突发疾病", "120"),
    ("12356", "心理援助热线", "各地时间不同", "心里难受、想不开，找人说说", "12356"),
    ("12351", "工会热线", "工作时间，部分地方 24 小时", "入会、维权、帮扶等工会的事", "12351"),
    ("119", "火警", "24 小时", "火灾、高处被困", "119"),
)

FILE_SHOWN = "{medium}：{name}"
NAMELESS_FILE = "没有名字"

# For the scripts, handed over as JSON; {…} is filled in there.
PAGE = {
    "speakers": {"worker": "我", "engine": "自动回复", "fixed": "工会", "cadre": "{name}（真人）"},
    "standing": {
        "desk": "自动助手",
        "waiting": "等工会同志（排队中）",
        "cadre": "{name}（真人）",
        "getting_ready": "正在准备，您可以先写，写了不会丢",
        "connecting": "正在连接……",
        "desk_speaks": "等的时候，自动助手照样回答",
        "on_duty": "值班同志已经收到提醒",
        "comma": "；",
        "off_duty": "现在没有人值班，最晚{seen_at}有人看",
    },
    "states": {
        "sending": "发送中",
        "no_network": "没有网，连上就发",
        "received": "已收到",
        "failed": "没发出去，点这里重发",
        "refused": "没有收下",
        "edit": "放回去改",
        "seen": "知道了",
    },
    "file": {
        "chosen": "要发：{name}。可以再写几句，然后点发送。",
        "progress": "正在传，{percent}%",
        "shown": "文件：{name}",
        "cut_off": "页面关掉的时候，这个文件还没有传完，工会没有收到。请再选一次。",
    },
    "ask_for_person": "转人工",
    "thinking": "正在查，请稍等……",
    "offline": "网络断了，正在重新连接。您写的会先留在这一页，连上就发。",
    "server_away": "暂时连不上工会的服务器，正在重试。着急请直接打电话。",
    "stale": "这次对话已经收起来了（12 小时没有用，或者已经结束）。您可以重新开始，刚写的字还在。",
    "ended_elsewhere": "这次对话已经结束，页面上的话已经收起来了。您可以重新开始。",
    "not_begun": "没有连上，请再点一次。着急请打 12351；有危险打 110、120。",
    "out_of_date": "页面放得太久了，请刷新再发。您写的字还在。",
    "too_long": "最多 20000 字，现在有 {count} 字，请分成几条发。",
    "count": "还可以写 {left} 字",
    "not_cleared": "没有清除成功，请检查网络后再试一次。",
    "cleared": "已经结束。您写的内容已经清除，系统里也打不开了。",
    "kept": "这一页上的话已经收起来，别人在这台设备上看不到了。但您有事情还没办完，或者关系到人的安全，"
    "办理需要的内容工会要留着，办完再按规定处理。之后的回复不会出现在这里，想问进展请打 12351。",
    "article": {
        "cite": "依据",
        "more": "还有 {count} 条依据",
        "in_force": "现行有效",
        "version": "{year}年{month}月{day}日的版本",
        "reference": "本库没有收录原文",
        "reference_more": "本库没有收录这一条的原文，这里只写出处。要看原文，请到国家法律法规数据库查，或打 12348 问。",
        "open": "看原文",
        "loading": "正在取原文……",
        "not_loaded": "原文没有取到，请稍后再点一次。",
    },
    "call": "打 {number}",
    "new_below": "有新消息",
    "new_in_title": "（{count} 条新消息）{title}",
    "today": "今天",
    "yesterday": "昨天",
    "day": "{month}月{day}日",
    # A number is a telephone number unless one of these stands around it: 「120元」「第110条」「119号」.
    "not_before": "第￥¥$.．，,%‰+-−－—~～至到约共",
    "not_after": "元块毛角分万千百亿倍条款项号日天周月年岁个名人位次件份页章节时点小秒米吨斤公里克度％%平",
    "number_word": "码",
    "emergency": ["110", "120", "119", "12356", "12110"],
    "title": "网上服务",
    "calendar": "日历",
}
