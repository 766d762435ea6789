"""The HTTP transport below every client of Azure's SDKs.

aiohttp, told to look at the environment, does so anew for every request: proxies, and a netrc file on the disk. That is
half of what a request costs (measured with benchmarks/throughput.py), so it is told to only where there is a proxy.
"""

from urllib.request import getproxies

from azure.core.pipeline.transport import AioHttpTransport


def http_transport(*, connect_seconds: float, read_seconds: float, loopback: bool = False) -> AioHttpTransport:
    """A transport of its own for one client, which closes it. `read_seconds` bounds the wait between two reads of an
    answer's bytes. A server of this machine (`loopback`) is never asked through a proxy."""
    return AioHttpTransport(
        connection_timeout=connect_seconds,
        read_timeout=read_seconds,
        use_env_settings=not loopback and bool(getproxies()),
    )
