"""What actions say. Plain words, short sentences; 「」 around what a worker can write back."""

from __future__ import annotations

from typing import Final

BUTTONS: Final = {
    "person": "转人工",
    "none": "都不是",
    "join": "我要入会",
    "call": "约回电",
    "agree": "同意",
    "disagree": "不同意",
    "skip": "先不填",
    "no_employer": "没有单位",
    "submit": "没错，提交",
    "wrong": "有写错的",
    "stop": "不办了",
    "again": "再写一次",
    "transfer_person": "请人帮我办转会",
}

DO_NOT_KNOW: Final = (
    "这个问题我没有把握，不敢乱说。工资、合同、社保、工伤、休假、入会这些我答得上，换个说法再写写，我也会再找。"
    "您也可以写「转人工」，请工会干部看；或者打 12333（人社）、12351（工会）问。"
)
WHICH_ONE: Final = "我想先问清楚，您说的是哪一种？"
WHICH_OTHER: Final = "那您看看是不是下面这些，点一个就行。还不是的话，请把经过多说两句：什么时候、在哪里、出了什么事。"
OUT_OF_SCOPE: Final = (
    "这个我帮不上。我只懂劳动和工会的事，比如工资、合同、社保、工伤、入会。您工作上有什么难处，直接写就行。"
)

PERSON_CALLED_ON_DUTY: Final = (
    "好的，已经转给值班的工会干部，会在这里回复您。前面的话他们看得到，不用重复说；要补充的，接着写。"
)
PERSON_CALLED_OFF_DUTY: Final = (
    "好的，已经记下了。现在没有工会干部值班，上班以后会有人看这段对话，在这里回复您。"
    "要补充的，接着写；着急的话，打 12351。"
)
STILL_WAITING_ON_DUTY: Final = (
    "让您久等了。您已经在队里了，值班的工会干部看到就在这里回您，不用重新写。着急的话，打 12351，也能找到工会的人。"
)
STILL_WAITING_OFF_DUTY: Final = "让您久等了。您已经在队里了；现在没有工会干部值班，上班以后按先后看，在这里回您。着急的话，打 12351，也能找到工会的人。"
NOT_WAITING_YET: Final = "您还没有转给工会干部。要找人，写「转人工」就行；着急的话，打 12351。"
WHERE_ARE_YOU: Final = "这件事各省另有规定。告诉我您在哪个省，我查有没有当地规定。"
PROVINCE_NOTED: Final = "好的，您在{province}，我按{province}看。"
NOTHING_LOCAL: Final = "刚才那件事，我这里没有{province}另外的规定，照上面说的办；拿不准的，打 12333 问一句。"
WRITE_ON: Final = "您想问什么，接着写。"
WHICH_PROVINCE: Final = "您说了不止一个省。活是在哪个省干的？写省名就行。"
THIS_MATTER: Final = "这件事"
THAT_IS_ALL: Final = "「{question}」，我知道的都在上面这段话里了，您再看看。下面这些也许用得上；还不清楚的，写「转人工」，请工会干部和您说。"
# Words of a follow-up that carry no matter.
LITTLE_WORDS: Final = "那么|那|还有|如果|要是|的话|呢|吗|嘛|啊|呀|[?？。,，! ]"
# How somebody begins who goes on from what was said before, however long the rest is.
GOES_ON: Final = r"^(那(?![天时次年月边里])|可是|可(?=我|他|她|公司|厂|老板|单位)|但|要是)"
QUOTES: Final = "「」"
QUOTES_WITHIN: Final = "『』"
CLOSEST: Final = "这一点，上面是这么说的：「{sentence}」。没答到您的话，再说细一点，或者点下面的；也可以写「转人工」。"
# Before an answer that begins with a bare 「能。」: of what it is said.
ASKED: Final = "「{question}」\n{text}"
BARE_OPENING: Final = "^(?!请|先|别|快|还有|一次)[^。！？；，：\n]{1,5}[。；]"
SHORTER: Final = "简单说：{text}"
WHICH_OF_TOPIC: Final = "您想问{word}的哪一样？点一个，或者把您的情况写几个字。"
# A bare word of these is no question yet; values are topics of the knowledge base.
TOPIC_WORDS: Final = {
    "工资": "wages",
    "工钱": "wages",
    "欠薪": "wages",
    "加班": "working_hours",
    "加班费": "working_hours",
    "合同": "contract",
    "辞退": "dismissal",
    "开除": "dismissal",
    "辞职": "dismissal",
    "社保": "social_insurance",
    "保险": "social_insurance",
    "工伤": "work_injury",
    "年假": "leave",
    "休假": "leave",
    "退休": "retirement",
    "仲裁": "evidence_and_disputes",
    "补偿": "severance",
    "补偿金": "severance",
    "赔偿": "severance",
    "职业病": "safety_and_health",
    "骑手": "platform_workers",
    "工会": "union_membership",
}
NOTHING_TO_REPEAT: Final = "我还没说过什么。您直接写想问的事就行。"

TRANSFER: Final = (
    "入过会的，不用重新入，办转会就行：把会员关系转到现在单位的工会；"
    "现在单位没有工会，就转到当地的联合工会或者街道、乡镇工会。记不清原来是哪个工会，也没关系。"
)

JOIN_FOR_OTHER: Final = (
    "入会要本人自愿申请，我这里不能替别人登记。请他本人在这里写「我要入会」就行。"
    "他不方便用手机的话，可以请工会干部帮忙，写「转人工」；也可以打 12351 问。"
)

NO_CASES: Final = "您在这里还没有登记过事情。要入会，写「我要入会」；要找人，写「转人工」。"
NO_SUCH_CASE: Final = (
    "没有查到您名下这个办件号。请对照一下号码；写「查进度」，我把您的办件都列出来。"
    "在别的地方登记的，请到原来的地方写「接续码」，就能在这里一起查。"
)
CASES: Final = "您的办件："
CASE_LINE: Final = "{case_no}　{kind}　{state}（{opened_on} 登记）"
CASE_KIND_SHOWN: Final = {"join": "入会登记"}
CASE_KIND_OTHERWISE: Final = "工会干部跟进"
CASE_DATE: Final = "{month}月{day}日"

JOIN_ALREADY_OPEN: Final = (
    "您的入会申请已经登记过了，办件号 {case_no}，不用再登记一次。批准由基层工会作出，结果会告诉您。"
)
# Where the operator has not allowed forms on a channel whose servers stand abroad.
NOT_HERE_PAGE: Final = "打开工会网页 {page}，或者"
JOIN_NOT_HERE: Final = (
    "入会要登记姓名和手机号。这个聊天软件的服务器在境外，这些我不能在这里收。"
    "请{page}打 12351，都能办；也可以写「转人工」，请工会干部和您说。"
)
JOIN_UNDER_SIXTEEN: Final = (
    "年满十六周岁才能申请入会，所以这里先不登记。已经请工会干部来和您说。"
    "不满十六周岁在外面干活的，法律有专门的保护，您不用怕。着急打 12351。"
)

JOIN_UNION: Final = "本地总工会"
JOIN_CONSENT_VERSION: Final = "join-consent-2"
JOIN_CONSENT: Final = (
    "这里是{union}的入会登记，要记下您四样：姓名、手机号、工作单位、所在区县。\n"
    "用来做什么：办您的入会申请，和您联系。\n"
    "给谁看：受理的工会。单位有工会的，就是您单位的工会；没有的，是当地的联合工会或者街道、乡镇工会。\n"
    "怎么删：提交前写「不办了」就不登记；提交以后想撤回、删除，写「转人工」。\n"
    "年满十六周岁就能申请。同意的话，点「同意」。"
)

JOIN_QUESTIONS: Final = {
    "join_consent": JOIN_CONSENT,
    "join_name": "请问您的姓名？",
    "join_mobile": "您的手机号是多少？工会要用它联系您。",
    "join_employer": "您在哪个单位干活？没有单位、灵活就业、送外卖，照实写就行。",
    "join_district": "您平时在哪个区、县干活？写到街道、乡镇更好。",
    "join_confirmed": "请您看一遍：\n姓名：{name}\n手机：{mobile}\n单位：{employer}\n地区：{district}\n没错就提交。哪项不对，直接说，比如「手机号写错了」。",
}
JOIN_SHORT_CONSENT: Final = "刚才说的入会登记，要记姓名、手机号、单位和区县，只给受理的工会看。您同意吗？"
JOIN_RESUMED: Final = "咱们接着办入会登记。"
JOIN_DRAFT_RESUMED: Final = "上次填的还在，咱们接着来。"
JOIN_CORRECTED: Final = "好的，改一下。"
JOIN_UNCLEAR: Final = {
    "join_consent": "没听明白。入会登记要记姓名、手机号、单位和区县，只给受理的工会看。您同意就点「同意」，不同意就点「不同意」。",
    "join_name": "这个看着不像姓名。请写身份证上的名字，比如「王小明」「阿依古丽·买买提」。",
    "join_mobile": "这个号码不对，手机号是 11 位，1 开头。麻烦再写一次。",
    "join_employer": "没看明白。写单位名字就行；没有单位，写「没有单位」。",
    "join_district": "没看明白。写您干活的区县，比如「姑苏区」「昆山市玉山镇」。",
    "join_confirmed": "没听明白。都没错就点「没错，提交」；哪项不对，直接说，比如「名字写错了」。",
}
JOIN_NEEDED: Final = {
    "join_name": "登记要有姓名，工会才好给您办。请问怎么称呼您？不想登记了，写「不办了」。",
    "join_mobile": "登记要有手机号，工会才联系得上您。不想登记了，写「不办了」。",
}
JOIN_NO_RESIDENT_ID: Final = "入会登记不用身份证号，请不要在聊天里发。"
JOIN_NO_MOBILE: Final = (
    "没有手机，或者不想留，都没关系：不用在这里办，可以打 12351，也可以请工会干部和您说，写「转人工」就行。"
    "想接着在这里办的，写一个找得到您的手机号。"
)
# Trade Union Law (2021), art. 3: nobody may hinder or restrict joining.
JOIN_REASSURED: Final = (
    "您放心：您来这里问，没有您的同意不会告诉单位。入会是自愿的，不用老板批准，谁都不能阻拦。"
    "还想再想想，写「不办了」也行，什么都不会留下。"
)
JOIN_OFFER_PERSON: Final = "没关系，可能是我没听懂。可以请工会干部帮您登记；也可以再写一次。"
JOIN_WHICH: Final = "哪一项不对？"
JOIN_FIELDS: Final = {
    "join_name": "姓名",
    "join_mobile": "手机号",
    "join_employer": "单位",
    "join_district": "地区",
}
JOIN_NO_EMPLOYER: Final = "没有单位"
JOIN_NOT_GIVEN: Final = "没有填"

JOIN_DONE: Final = (
    "已登记，批准由基层工会作出，结果会告诉您。\n您的办件号：{case_no}\n想知道办到哪了，写「查进度」或者发这个号码。"
)
JOIN_DECLINED: Final = "好的，不登记，什么都没有提交。不入会也可以照常问问题。"
JOIN_STOPPED: Final = "好的，不登记了。刚才填的没有提交，登记里什么都没有留下。想办的时候，写「我要入会」。"
JOIN_PAUSED: Final = "入会登记先停在这里，还没有提交。填过的还在，想接着办，写「我要入会」。"
