"""What the check of the knowledge base says: one sentence a problem, after the entry or the article that it is about."""

from typing import Final

CHECK: Final = {
    "not_yet": "{day} 才开始有效（valid_from）",
    "past": "{day} 已经到期（valid_until）",
    "unknown_law": "《{law}》{article_no}：versions.yml 里没有这部法规",
    "no_such_article": "《{law}》{article_no}：有这部法规的原文，但没有这一条",
    "not_in_force": "《{law}》{article_no}：{status}，回答里没有说明",
    "same_wording": "说法“{wording}”在 {others} 里也有",
    "alike": "和 {other} 几乎是同一个问题：{question}",
    "contradiction": "“{one}”和 {other} 里的“{theirs}”数字不一样",
    "differs": "《{law}》{article_no}（{day}）：知识库里的文字和法规原文不一样",
    "missing": "《{law}》{article_no}（{day}）：知识库里没有这一条",
    "foreign": "《{law}》{article_no}（{day}）：知识库里有，法规原文里没有",
    "passage": "《{law}》{article_no}（{day}）：检索用的文字和法规原文不一样",
    "unresolved": "{entry}：引用的《{law}》{article_no}查不到原文",
    "vectors": "向量有 {vectors} 个，应当有 {passages} 个，请运行 niangjia build 重新建",
    "unreadable": "知识库的文件读不了（{kind}），请运行 niangjia build 重新建",
    "overlay": "regions: {region}（{entries}）",
    "no_number": "《{law}》在 versions.yml 里没有文号或日期，不能用来说当地的规定",
    "elsewhere": "《{law}》不是这个省的规定",
    "shown": "{place}: {problem}",
    "joined": "、",
}
