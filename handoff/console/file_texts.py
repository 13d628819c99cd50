"""What cadres read about files that workers sent."""

from typing import Final

FILES: Final = {
    "broken": "这个文件打不开了，请联系系统维护人员。",
    "megabytes": "{size:.1f}兆",
    "small": "不到0.1兆",
}
UNREAD: Final = {"voice": "有语音没听", "picture": "有图片没看", "video": "有视频没看", "file": "有文件没看"}
NOT_KEPT: Final = {
    "file_kind": "这种文件打开不安全，系统没有收",
    "file_too_large": "文件太大，系统没有收",
    "many_files": "一下发得太多，系统没有收",
    "other": "文件没有传成",
}
