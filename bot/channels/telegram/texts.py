"""What the desk says on Telegram, besides what it says everywhere."""

WELCOME = (
    "您好，这里是{union}的网上服务。先由程序自动回答；想找工会干部，写「转人工」。\n"
    "您写的话会加密保存，只给工会负责的同志看。Telegram 的服务器在境外，请不要在这里发身份证号、银行卡号、病历。"
    "要登记、填表，请{page}打 12351。\n"
    "有生命危险，请马上打 110、120；心里难受，可以打 12356。\n"
    "想问什么，直接写就行。"
)
PAGE = "打开 {address}，或者"
GROUP = "这里是工会的网上服务，只在私聊里说话，不进群：群里的话大家都看得到，怕泄露您的事。请点我的头像，单独写给我。"
STALE_BUTTON = "这个按钮已经过时了。请直接写您想问的。"
ARTICLE = "看{name}原文"

# How something that is no text is put into words, for whoever reads the talk.
POSITION = "〔位置〕北纬 {latitude}，东经 {longitude}"
VENUE = "〔位置〕{title}　{address}"
CONTACT = "〔名片〕{name}　{phone}"
STICKER = "〔贴纸〕{emoji}"
OTHER = "〔一条看不到内容的消息〕"
FILE_NAMES = {"picture": "图片", "voice": "语音", "video": "视频", "file": "文件"}
SEEN = {
    "position": "位置收到了，工会的同志看得到。麻烦再写一下是哪个区、县，我好接着帮您。",
    "contact": "号码收到了，只有工会负责的同志看得到。要约回电，写「转人工」，或者打 12351。",
    "other": "收到了，不过程序只看得懂文字。有话请写出来；要找工会的同志，写「转人工」。",
}
TOO_LARGE_TOLD = "这个文件太大（超过 20 MB），Telegram 不让我们取。请分成小的再发，或者截图发来；也可以写「转人工」，请工会干部和您说。"
