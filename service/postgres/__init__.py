"""内嵌数据库 | How does the service get a private PostgreSQL without anyone installing one?"""

from service.postgres.binaries import EmbeddedError
from service.postgres.embedded import Embedded

__all__ = ["Embedded", "EmbeddedError"]
