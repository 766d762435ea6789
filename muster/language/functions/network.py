"""Functions of IP addresses and ranges."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from muster.language.functions.arguments import integer, text
from muster.language.functions.function import strict
from muster.values.errors import TemplateError
from muster.values.json import Json

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def cidr_host(network: Json, host_index: Json) -> Json:
    """Counted from 0 among the addresses that hosts can have."""
    block = _network(network)
    first, last = _usable(block)
    at = integer(host_index, "hostIndex")
    # IPv6 has no address for the network itself, but the first host is documented as ::1 all the same.
    start = int(first) + (block.version == 6 and block.num_addresses > 1)
    if not 0 <= at <= int(last) - start:
        raise TemplateError(f"hostIndex must be from 0 to {int(last) - start}")
    return str(type(first)(start + at))


def cidr_subnet(network: Json, new_cidr: Json, subnet_index: Json) -> Json:
    """Counted from 0."""
    block = _network(network)
    length = integer(new_cidr, "newCIDR")
    if not block.prefixlen <= length <= block.max_prefixlen:
        raise TemplateError(f"newCIDR must be from {block.prefixlen} to {block.max_prefixlen}")
    at, count = integer(subnet_index, "subnetIndex"), 2 ** (length - block.prefixlen)
    if not 0 <= at < count:
        raise TemplateError(f"subnetIndex must be from 0 to {count - 1}")
    address = int(block.network_address) + (at << (block.max_prefixlen - length))
    return f"{type(block.network_address)(address)}/{length}"


def ip_range_contains(outer: Json, inner: Json) -> Json:
    """Ranges as an address, a CIDR block or two addresses with a dash. Those of different families contain nothing of
    each other; what is no range fails."""
    low, high = _range(text(outer, "range"), "range")
    first, last = _range(text(inner, "targetRange"), "targetRange")
    return low.version == first.version and int(low) <= int(first) and int(last) <= int(high)


def parse_cidr(network: Json) -> Json:
    """Broadcast addresses are of IPv4 only."""
    block = _network(network)
    first, last = _usable(block)
    parsed: dict[str, Json] = {"network": str(block.network_address), "netmask": str(block.netmask)}
    if block.version == 4:
        parsed["broadcast"] = str(block.broadcast_address)
    return parsed | {"firstUsable": str(first), "lastUsable": str(last), "cidr": block.prefixlen}


def _usable(block: Network) -> tuple[Address, Address]:
    """The first and last address for hosts; blocks of one or two have nothing to spare (RFC 3021)."""
    first, last = block.network_address, block.broadcast_address
    return (first + 1, last - 1) if block.version == 4 and block.num_addresses > 2 else (first, last)


def _network(value: Json) -> Network:
    written = text(value, "network")
    address, slash, length = written.partition("/")
    try:
        if slash:
            return ip_network(f"{ip_address(address)}/{_prefix(length)}", strict=False)
    except ValueError:
        pass
    raise TemplateError("network must be an IP range in CIDR notation, as 10.0.0.0/24")


def _range(written: str, name: str) -> tuple[Address, Address]:
    start, dash, end = written.partition("-")
    try:
        if dash:
            first, last = ip_address(start), ip_address(end)
            if first.version == last.version and int(first) <= int(last):
                return first, last
        else:
            address, slash, length = written.partition("/")
            block = ip_network(f"{ip_address(address)}/{_prefix(length)}" if slash else written, strict=False)
            return block.network_address, block.broadcast_address
    except ValueError:
        pass
    raise TemplateError(f"{name} must be an IP address, a CIDR range or two addresses with a dash, the lower one first")


def _prefix(length: str) -> int:
    """Digits only: the library would take a netmask too, which Azure does not."""
    if length.isascii() and length.isdigit() and len(length) <= 3:
        return int(length)
    raise ValueError(length)


ROWS = (
    strict("cidrHost(network, hostIndex)", cidr_host, "Returns the host address of that index in a CIDR range."),
    strict(
        "cidrSubnet(network, newCIDR, subnetIndex)",
        cidr_subnet,
        "Returns the subnet of that size and index in a CIDR range.",
    ),
    strict(
        "ipRangeContains(range, targetRange)",
        ip_range_contains,
        "Tells whether an address, CIDR range or start-end range holds all of another.",
    ),
    strict("parseCidr(network)", parse_cidr, "Returns the properties of a CIDR range: network, netmask, hosts."),
)
