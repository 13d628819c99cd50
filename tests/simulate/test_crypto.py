"""Our encryption, wechatpy's and that of npm's `wechat-crypto` read one another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from wechatpy.crypto import WeChatCrypto

from bot.simulate.wechat.crypto import MessageCipher, Undecipherable, signature
from bot.simulate.wechat.simulator import new_account

MESSAGES = [
    "x",
    "我被辞退了😀",
    "<xml><Content><![CDATA[a]]]]><![CDATA[>b]]></Content></xml>",
    "长" * 3000,
    *("y" * n for n in range(40)),
]
ACCOUNT = new_account()
CIPHER = MessageCipher(ACCOUNT.aes_key, ACCOUNT.app_id)
# Where `npm install wechat-crypto` was run; node finds global modules by NODE_PATH itself.
NODE_MODULES = os.environ.get("WECHAT_CRYPTO_MODULES", os.environ.get("NODE_PATH", ""))
SCRIPT = """
const C = require('wechat-crypto');
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const c = new C(asked.token, asked.aes_key, asked.app_id);
console.log(JSON.stringify({
  opened: asked.sealed.map(s => c.decrypt(s)),
  sealed: asked.messages.map(m => c.encrypt(m)),
  signature: c.getSignature('1700000000', '42', asked.sealed[0]),
}));
"""


def test_what_wechatpy_seals_is_opened_and_the_other_way_round() -> None:
    peer = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)
    for message in MESSAGES:
        body = peer.encrypt_message(message, "42", "1700000000")
        sealed = body.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        assert CIPHER.decrypt(sealed) == message
        ours = CIPHER.encrypt(message)
        signed = signature(ACCOUNT.token, "1700000000", "42", ours)
        envelope = f"<xml><Encrypt><![CDATA[{ours}]]></Encrypt></xml>"
        opened = peer.decrypt_message(envelope, signed, "1700000000", "42")
        assert (opened if isinstance(opened, str) else opened.decode()) == message


@pytest.mark.parametrize("damage", ["", "AAAA", "not base64!", "A" * 64])
def test_what_is_damaged_is_not_opened(damage: str) -> None:
    with pytest.raises(Undecipherable):
        CIPHER.decrypt(damage)


def test_another_accounts_message_is_not_opened() -> None:
    stranger = MessageCipher(ACCOUNT.aes_key, "wx0000000000000000")
    with pytest.raises(Undecipherable, match="another app id"):
        CIPHER.decrypt(stranger.encrypt("x"))


def _peer_is_there() -> bool:
    if shutil.which("node") is None or not NODE_MODULES:
        return False
    return any((Path(folder) / "wechat-crypto").is_dir() for folder in NODE_MODULES.split(os.pathsep))


@pytest.mark.skipif(
    not _peer_is_there(),
    reason="NODE'S wechat-crypto IS NOT HERE: interoperation was not tested "
    "(npm install wechat-crypto somewhere, WECHAT_CRYPTO_MODULES=that folder's node_modules)",
)
def test_what_nodes_wechat_crypto_seals_is_opened_and_the_other_way_round() -> None:
    asked = {
        "token": ACCOUNT.token, "aes_key": ACCOUNT.aes_key, "app_id": ACCOUNT.app_id,
        "sealed": [CIPHER.encrypt(message) for message in MESSAGES], "messages": MESSAGES,
    }  # fmt: skip
    done = subprocess.run(
        ["node", "--no-deprecation", "-e", SCRIPT], input=json.dumps(asked), text=True, capture_output=True, check=True,
        env=os.environ | {"NODE_PATH": NODE_MODULES}, timeout=60,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert [one["message"] for one in answer["opened"]] == MESSAGES
    assert {one["id"] for one in answer["opened"]} == {ACCOUNT.app_id}
    assert [CIPHER.decrypt(sealed) for sealed in answer["sealed"]] == MESSAGES
    assert answer["signature"] == signature(ACCOUNT.token, "1700000000", "42", asked["sealed"][0])
