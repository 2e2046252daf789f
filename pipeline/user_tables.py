"""What `callqa users` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from pipeline.access import Account, table
from pipeline.terminal import make_console

WORDS = {
    "zh": {
        "added": "已添加用户 {name}。首次密码（只显示这一次，7 天内有效，首次登录须更换）：",
        "reset": "用户 {name} 的新首次密码（只显示一次，7 天内有效，登录后须更换；原登录已退出）：",
        "oidc": "已添加用户 {name}，由单位的统一身份认证登录，不设密码。",
        "given": "用户 {name} 的角色已更改，须重新登录。",
        "disabled": "用户 {name} 已停用，原登录已退出。",
        "enabled": "用户 {name} 已启用。",
        "unlocked": "用户 {name} 已解锁。",
        "none": "还没有用户。添加：callqa users add 姓名 --role inspector --db FILE",
        "head": ("用户", "角色", "工号", "班组", "登录方式", "状态", "建立"),
        "state_active": "正常", "state_first": "待换首次密码", "state_expired": "首次密码过期",
        "state_disabled": "停用", "via_password": "密码", "via_oidc": "统一身份认证",
    },
    "en": {
        "added": "account {name} is added. Its first password (shown once, good for 7 days, to be "
        "changed at the first sign-in):",
        "reset": "new first password of {name} (shown once, good for 7 days, to be changed at the "
        "next sign-in; sessions were ended):",
        "oidc": "account {name} is added; it signs in by the identity provider, no password.",
        "given": "the role of {name} is changed; sign in again.",
        "disabled": "account {name} is disabled, its sessions were ended.",
        "enabled": "account {name} is enabled.",
        "unlocked": "account {name} is unlocked.",
        "none": "no account yet. Add one: callqa users add NAME --role inspector --db FILE",
        "head": ("name", "role", "agent", "team", "by", "state", "since"),
        "state_active": "active", "state_first": "first password", "state_expired": "expired",
        "state_disabled": "disabled", "via_password": "password", "via_oidc": "oidc",
    },
}  # fmt: skip


def print_added(name: str, first: str | None, language: str, *, again: bool = False) -> None:
    """The first password, for whoever gives it to its owner."""
    words = WORDS[language]
    console = make_console()
    if first is None:
        console.print(str(words["oidc"]).format(name=name), markup=False)
        return
    console.print(str(words["reset" if again else "added"]).format(name=name), markup=False)
    console.print(first, style="bold")


def print_done(what: str, name: str, language: str) -> None:
    """What was done to an account."""
    make_console().print(str(WORDS[language][what]).format(name=name), markup=False)


def print_users(accounts: Sequence[Account], zone: ZoneInfo, language: str) -> None:
    """One line per account."""
    words = WORDS[language]
    if not accounts:
        make_console().print(words["none"], markup=False)
        return
    shown = Table(*words["head"])
    for account in accounts:
        post = account.post
        shown.add_row(
            account.name, str(post.role), post.agent_id or "", post.team or "",
            str(words[f"via_{account.via}"]), str(words[f"state_{account.state}"]),
            f"{account.created_at.astimezone(zone):%Y-%m-%d}",
        )  # fmt: skip
    make_console().print(shown)


def print_roles() -> None:
    """The table of roles, by the names that `--role` takes."""
    head, *lines = table()
    shown = Table(*head)
    for line in lines:
        shown.add_row(*line)
    make_console().print(shown)


def as_row(account: Account) -> dict[str, Any]:
    """An account for machines; never its hash."""
    return {
        "name": account.name,
        "role": str(account.post.role),
        "agent_id": account.post.agent_id,
        "team": account.post.team,
        "via": account.via,
        "state": account.state,
        "created_at": account.created_at.isoformat(),
    }
