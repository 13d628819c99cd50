"""What the desk itself says to workers around a takeover, and the words for times."""

DESK = {
    "claimed": "我是工会的{name}，现在由我来和您说话，自动回复已经停了。您慢慢说，我在看。",
    "released": "{name}先和您说到这里，接下来由自动助手回答。想再找人，随时说「转人工」。",
    "seen_at": "工作日 {starts} 上班后",
    "go_on": "好的，您接着问，我照着法律条文回答您。您前面写的，值班同志还是会看。想找人，随时写「转人工」。",
    "go_on_asked": "接着问|我接着问|我要接着问",
    "asking": "？|?|吗|么|怎么|咋|啥|什么|多少|多久|几|哪|能不能|可不可以|算不算|是不是|要不要|该不该|呢|吧",
    "marks": " \t\r\n。，！.,!「」\"'“”",
}
