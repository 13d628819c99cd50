"""What the desk says by itself on WeChat, and how things that are no text stand in the talk."""

WECHAT = {
    "location": "【位置】{label}（纬度 {latitude}，经度 {longitude}）",
    "location_heard": "位置收到了：{label}。出了什么事，直接写给我；要工会的同志联系您，写「转人工」。",
    "link": "【链接】{title}\n{description}\n{url}",
    "unknown": "【这里看不了的一种消息】",
    "unknown_heard": "这种消息我这边看不了。麻烦您用文字、图片或者语音再发一次；着急请打 {hotline}。",
    "menu_gone": "这个按钮换过了。直接写您的事情就行，比如「工资没发怎么办」；想找真人，写「转人工」。",
    "scanned": "您扫的码登记好了。有什么事直接写，想找真人写「转人工」。",
    "voice": "语音.amr",
    "picture": "图片.jpg",
    "video": "视频.mp4",
    "file": "文件",
}
