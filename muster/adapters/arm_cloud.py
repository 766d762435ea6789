"""Where Azure Resource Manager is: a closed list of clouds, and loopback for tests.

Source: learn.microsoft.com/azure/azure-resource-manager/management/endpoints and the endpoints of sovereign clouds.
"""

import re
from dataclasses import dataclass

from muster.values.errors import BadInput

_LOOPBACK = re.compile(r"http://127\.0\.0\.1:([1-9][0-9]{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cloud:
    """A management endpoint. `url` has no slash at its end; `authority` is where its tokens are from.

    `loopback`: a server of this machine that stands for Azure. It is given no token of Azure's.
    """

    name: str
    url: str
    authority: str
    loopback: bool = False

    @property
    def token_scope(self) -> str:
        """What a token for it must be for."""
        return f"{self.url}/.default"


CLOUDS = {
    cloud.name.lower(): cloud
    for cloud in (
        Cloud("AzurePublic", "https://management.azure.com", "login.microsoftonline.com"),
        Cloud("AzureUSGovernment", "https://management.usgovcloudapi.net", "login.microsoftonline.us"),
        Cloud("AzureChina", "https://management.chinacloudapi.cn", "login.chinacloudapi.cn"),
    )
}
"""Lower-cased name -> cloud."""


def find_cloud(text: str) -> Cloud:
    """The cloud of a name, in any case, or the loopback server at `http://127.0.0.1:PORT`.

    Raises BadInput on every other text: no setting leads tokens to another host.
    """
    cloud = CLOUDS.get(text.strip().lower())
    if cloud is not None:
        return cloud
    loopback = _LOOPBACK.fullmatch(text.strip())
    if loopback is not None and int(loopback[1]) < 65536:
        return Cloud("loopback", f"http://127.0.0.1:{int(loopback[1])}", "", loopback=True)
    names = ", ".join(one.name for one in CLOUDS.values())
    raise BadInput(f"{text[:80]!r} is none of {names}", reason="unknownCloud")
