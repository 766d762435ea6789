"""How to reach Azurite, the storage emulator.

Source: learn.microsoft.com/azure/storage/common/storage-use-azurite and .../storage-connect-azurite: the account that
every Azurite has, its published key, its default ports, and the short connection string that stands for them.
"""

ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

SHORT = "UseDevelopmentStorage=true"


def connection_string(blob: str, queue: str) -> str:
    """For SDKs, `az storage` and Storage Explorer. `blob` and `queue` are URLs without the account."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
        f"BlobEndpoint={blob}/{ACCOUNT};QueueEndpoint={queue}/{ACCOUNT};"
    )


def expanded(text: str) -> str:
    """A connection string that the SDKs take: they do not know the short one, which Functions projects use."""
    if text.strip().rstrip(";") == SHORT:
        return connection_string("http://127.0.0.1:10000", "http://127.0.0.1:10001")
    return text
