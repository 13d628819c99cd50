"""Small words around what the desk says on channels that show plain text."""

WORDING = {
    "country": "中华人民共和国",
    "article": "《{law}》{article_no}",
    "then": "（当时的文本）",
    "show_article": "看原文",
    "article_whole": "{name}（{version}）\n{text}",
    "version": "{date}公布或修改的文本",
    "no_version": "本库收录的文本",
    "article_gone": "这一条的原文现在打不开，请稍后再点一次，或打 {hotline} 问。",
    "more": "还有下文，点这里接着看",
    "waiting": "您的话收到了，正在查。点这里看回答",
    "from_cadre": "{name}：{text}",
}
