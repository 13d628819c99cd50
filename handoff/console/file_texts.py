"""What cadres read about files that workers sent."""

from typing import Final

FILES: Final = {
    "broken": "这个文件打不开了，请联系系统维护人员。",
    "megabytes": "{size:.1f}兆",
    "small": "不到0.1兆",
    "received": "%Y年%m月%d日 %H:%M:%S",
    "no_preview": "这张图片没法预览，请点「看原件」。",
    "again": "好的，正在再取一次。",
    "not_waiting": "这个文件已经取到了，不用再取。",
}
# What the platform still holds for us, and what to do when it could not be fetched.
FETCHING: Final = {
    "from_wechat": "还在从微信取，取到了会出现在这里",
    "from_elsewhere": "还在取，取到了会出现在这里",
    "again": "还没取到，会自动再试",
    "unknown_kind": "这种文件打开不安全，系统没有收：请职工换成照片或者文档再发一次",
    "failed": "没有取到：请职工再发一次，或者请他用网页发",
}
UNREAD: Final = {"voice": "有语音没听", "picture": "有图片没看", "video": "有视频没看", "file": "有文件没看"}
NOT_KEPT: Final = {
    "file_kind": "这种文件打开不安全，系统没有收",
    "file_too_large": "文件太大，系统没有收",
    "many_files": "一下发得太多，系统没有收",
    "other": "文件没有传成",
}
